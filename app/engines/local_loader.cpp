#include "engines/local_loader.h"

#include <QFileInfo>
#include <QRegularExpression>

#include "services/trouble.h"

namespace alcuin::app {

namespace {

std::filesystem::path toPath(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
}

/// The file's name as people know the model by it: without its ending and without the name of a number format.
QString nameOf(const QString& path) {
    static const QRegularExpression kNumberFormat(QStringLiteral("[.-]I?(Q\\d|BF16|F16|F32)[A-Z0-9_]*$"),
                                                  QRegularExpression::CaseInsensitiveOption);
    const QString file = QFileInfo(path).completeBaseName();
    const QString name = QString(file).remove(kNumberFormat);
    return name.isEmpty() ? file : name;
}

QString oneLine(const Trouble& trouble) {
    return trouble.text.isEmpty() ? trouble.title : trouble.text;
}

} // namespace

LocalLoader::LocalLoader(inference::RuntimeOptions options) : m_options(options) {}

ModelService::Loader::Outcome LocalLoader::load(const QString& path, const std::function<void(double)>& progress,
                                                const std::function<bool()>& cancelled) {
    if (!m_runtime) {
        auto runtime = inference::Runtime::create(m_options);
        if (!runtime) {
            return {nullptr, toTrouble(runtime.error())};
        }
        m_runtime = std::move(*runtime);
    }
    std::stop_source stop;
    const auto report = [&](const inference::LoadProgress& at) {
        if (cancelled()) {
            stop.request_stop();
        }
        if (at.bytesTotal > 0) {
            progress(static_cast<double>(at.bytesDone) / static_cast<double>(at.bytesTotal));
        }
    };
    inference::LoadSpec spec;
    spec.path = toPath(path);
    auto engine = m_runtime->load(spec, report, stop.get_token());
    if (!engine) {
        return {nullptr, toTrouble(engine.error())};
    }
    return {std::move(*engine), {}};
}

ModelEntry LocalLoader::describe(const QString& path) {
    ModelEntry entry;
    entry.path = path;
    entry.name = nameOf(path);
    entry.fileBytes = QFileInfo(path).size();
    const auto info = inference::readModelInfo(toPath(path));
    if (!info) {
        entry.problem = oneLine(toTrouble(info.error()));
        return entry;
    }
    entry.architecture = QString::fromStdString(info->architecture);
    entry.quantization = QString::fromStdString(info->quantization);
    entry.contextLength = static_cast<qint64>(info->contextLength);
    entry.problem = QString::fromStdString(info->problem);
    return entry;
}

} // namespace alcuin::app

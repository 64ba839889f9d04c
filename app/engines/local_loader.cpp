#include "engines/local_loader.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "services/parameters.h"
#include "services/record_conversion.h"
#include "services/trouble.h"

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::LocalLoader)
};

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

LocalLoader::LocalLoader(inference::RuntimeOptions options) : m_options(std::move(options)) {}

inference::Result<std::shared_ptr<inference::Runtime>> LocalLoader::runtime() {
    if (m_runtime) {
        return m_runtime;
    }
    auto made = inference::Runtime::create(m_options);
    if (!made && made.error().code == inference::ErrorCode::kIo) { // only the folder for states can cause it
        spdlog::warn("Conversations are read again after every start: {}", made.error().message);
        m_statesProblem = made.error();
        auto without = m_options;
        without.snapshotDirectory.clear();
        made = inference::Runtime::create(without);
    }
    if (made) {
        m_runtime = *made;
    }
    return made;
}

Trouble LocalLoader::keepStatesOf(const QList<QUuid>& conversations) {
    std::vector<std::string> owners;
    owners.reserve(static_cast<std::size_t>(conversations.size()));
    for (const QUuid& conversation : conversations) {
        owners.push_back(toId(conversation));
    }
    const auto made = runtime();
    const auto gone =
        made ? (*made)->purgeSnapshotsExcept(owners) : inference::Result<void>(tl::unexpected(made.error()));
    if (gone && !m_statesProblem) {
        return {};
    }
    return {Words::tr("Traces of deleted conversations may be left"),
            QString::fromStdString(gone ? m_statesProblem->message : gone.error().message), Trouble::Action::kNone};
}

ModelService::Loader::Outcome LocalLoader::load(const QString& path, const std::function<void(double)>& progress,
                                                const std::function<bool()>& cancelled) {
    const auto made = runtime();
    if (!made) {
        return {nullptr, toTrouble(made.error())};
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
    auto engine = (*made)->load(spec, report, stop.get_token());
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
    entry.parameters = toParameters(info->sampling);
    entry.problem = QString::fromStdString(info->problem);
    return entry;
}

} // namespace alcuin::app

#include "gguf_bytes.h"

#include <QDir>
#include <QFile>

namespace alcuin::tests {

GgufBytes::GgufBytes(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version) {
    raw("GGUF").put(version).put(tensors).put(entries);
}

GgufBytes& GgufBytes::string(const QByteArray& text) {
    return put(static_cast<std::uint64_t>(text.size())).raw(text);
}

GgufBytes& GgufBytes::raw(const QByteArray& bytes) {
    bytes_.append(bytes);
    return *this;
}

GgufBytes& GgufBytes::entry(const QByteArray& key, std::uint32_t type) {
    return string(key).put(type);
}

GgufBytes& GgufBytes::tensor(const QByteArray& name, std::initializer_list<std::uint64_t> dimensions,
                             std::uint32_t type, std::uint64_t offset) {
    string(name).put(static_cast<std::uint32_t>(dimensions.size()));
    for (const auto dimension : dimensions) {
        put(dimension);
    }
    return put(type).put(offset);
}

GgufBytes& GgufBytes::data(qsizetype alignment, qsizetype bytes) {
    const auto start = (bytes_.size() + alignment - 1) / alignment * alignment;
    bytes_.append(start + bytes - bytes_.size(), '\0');
    return *this;
}

const QByteArray& GgufBytes::bytes() const {
    return bytes_;
}

std::filesystem::path ScratchFolder::file(const QByteArray& bytes, const QString& name) const {
    // A new file each time: some file systems bring a truncated one to the disk at once.
    QFile::remove(folder_.filePath(name));
    QFile file(folder_.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("the scratch file %s can't be written", qPrintable(file.fileName()));
    }
    return path(name);
}

std::filesystem::path ScratchFolder::path(const QString& name) const {
    return folder_.filePath(name).toStdString();
}

QString goldenPath(const QString& name) {
    return QDir(QStringLiteral(ALCUIN_GOLDEN_DIR "/gguf")).filePath(name);
}

QByteArray readGolden(const QString& name) {
    QFile file(goldenPath(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("the golden %s can't be read", qPrintable(file.fileName()));
    }
    return file.readAll();
}

} // namespace alcuin::tests

#pragma once

#include <QByteArray>
#include <QString>
#include <QTemporaryDir>

#include <cstdint>
#include <filesystem>
#include <type_traits>

namespace alcuin::tests {

/// The bytes of a GGUF file, put together by hand: for headers that no writer would write.
class GgufBytes {
public:
    /// Magic, version and the two counts.
    GgufBytes(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3);

    template <typename T>
    GgufBytes& put(T value) {
        static_assert(std::is_arithmetic_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), static_cast<qsizetype>(sizeof(value)));
        return *this;
    }
    GgufBytes& string(const QByteArray& text);
    GgufBytes& raw(const QByteArray& bytes);

    /// An entry's key and type number; its value follows.
    GgufBytes& entry(const QByteArray& key, std::uint32_t type);

    /// A whole line of the tensor table.
    GgufBytes& tensor(const QByteArray& name, std::initializer_list<std::uint64_t> dimensions, std::uint32_t type,
                      std::uint64_t offset);

    /// Zeros up to the next multiple of `alignment`, and `bytes` more.
    GgufBytes& data(qsizetype alignment, qsizetype bytes);

    const QByteArray& bytes() const;

private:
    QByteArray bytes_;
};

/// A folder of the test's own, and files in it.
class ScratchFolder {
public:
    /// Writes `bytes` as a file and returns its path.
    std::filesystem::path file(const QByteArray& bytes, const QString& name = QStringLiteral("model.gguf")) const;
    std::filesystem::path path(const QString& name) const;

private:
    QTemporaryDir folder_;
};

/// A committed golden of the GGUF room.
QString goldenPath(const QString& name);
QByteArray readGolden(const QString& name);

} // namespace alcuin::tests

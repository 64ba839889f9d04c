#pragma once

#include <QByteArray>
#include <QFile>
#include <QRegularExpression>
#include <QString>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace alcuin::tests {

/// A golden array as numpy.save wrote it: C order, little-endian, elements of T's size ("<f4", "<i4").
template <typename T>
struct Npy {
    std::vector<std::size_t> shape;
    std::vector<T> values;

    std::size_t rowSize() const {
        return shape.empty() || shape.front() == 0 ? 0 : values.size() / shape.front();
    }
    const T* row(std::size_t index) const {
        return values.data() + index * rowSize();
    }

    /// Throws std::runtime_error if the file isn't there or holds something else: a golden that can't be read fails the
    /// test that needs it.
    static Npy read(const QString& path) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            throw std::runtime_error("can't open " + path.toStdString());
        }
        const QByteArray all = file.readAll();
        const auto bad = [&path] { return std::runtime_error("not a golden array: " + path.toStdString()); };
        if (!all.startsWith("\x93NUMPY\x01") || all.size() < 10) {
            throw bad();
        }
        const auto headerSize = static_cast<qsizetype>(static_cast<unsigned char>(all[8])) +
                                static_cast<qsizetype>(static_cast<unsigned char>(all[9])) * 256;
        const QString header = QString::fromLatin1(all.mid(10, headerSize));
        const auto kind = std::is_floating_point_v<T> ? "f" : "i";
        if (!header.contains(QStringLiteral("'<%1%2'").arg(QLatin1String(kind)).arg(sizeof(T))) ||
            !header.contains(QStringLiteral("'fortran_order': False"))) {
            throw bad();
        }
        Npy array;
        const auto inside = QRegularExpression(QStringLiteral("\\(([^)]*)\\)")).match(header).captured(1);
        std::size_t count = 1;
        for (const QString& number : inside.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            array.shape.push_back(number.trimmed().toULongLong());
            count *= array.shape.back();
        }
        if (static_cast<std::size_t>(all.size()) != 10 + static_cast<std::size_t>(headerSize) + count * sizeof(T)) {
            throw bad();
        }
        array.values.resize(count);
        std::memcpy(array.values.data(), all.constData() + 10 + headerSize, count * sizeof(T));
        return array;
    }
};

} // namespace alcuin::tests

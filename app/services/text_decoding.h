#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace alcuin::app {

/// The text that a file's bytes stand for, with line feeds as its only line ends and without a byte order mark; none
/// if they aren't text. UTF-8, UTF-16 and UTF-32 by their marks; without one UTF-8 where it is valid, else
/// Windows-1252 unless control characters tell that it isn't text.
std::optional<QString> decodeText(const QByteArray& bytes);

} // namespace alcuin::app

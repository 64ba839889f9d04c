#pragma once

#include <QByteArray>
#include <QList>

#include <utility>

namespace alcuin::tests {

/// Names and texts of messages meant to hang, to crash or to deceive, and some that name `trap`, a file's path.
QList<std::pair<QByteArray, QByteArray>> hostileMessages(const QByteArray& trap);

/// Short messages that name `trap`, devices, private files and addresses in every way known.
QList<std::pair<QByteArray, QByteArray>> messagesNaming(const QByteArray& trap);

} // namespace alcuin::tests

#pragma once

#include <QByteArray>
#include <QString>

#include <variant>

#include "services/chat_values.h"

namespace alcuin::app {

/// The largest file that is read as text. A model's context holds less: a megabyte of text is some 250,000 tokens.
constexpr qint64 kLargestAttachmentBytes = 2 * 1024 * 1024;

/// A file's text, or why it can't go along, in words for a person.
using AttachmentOutcome = std::variant<Attachment, Trouble>;

/// Reads one file; blocks. Only regular files are opened. UTF-8 and UTF-16 (with its mark), else Windows-1252, which
/// Latin-1 is part of; line ends become line feeds. Refused: pictures, archives, documents that aren't plain text,
/// programs and other binaries, what is empty or too large.
AttachmentOutcome readAttachment(const QString& path);

/// The same for bytes that are there already, of a clipboard say.
AttachmentOutcome toAttachment(const QString& name, const QByteArray& bytes);

/// What is said where a picture is pasted or dropped.
Trouble pictureRefusal(const QString& name);

/// A file's name as it may stand in a prompt and on a label: without folders, control and direction characters, on
/// one line and not too long.
QString sanitisedName(const QString& name);

} // namespace alcuin::app

#include "services/attachment_file.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QMimeDatabase>

#include "services/text_decoding.h"

namespace alcuin::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(alcuin::app::Attachment)
};

constexpr qsizetype kLongestName = 120;

enum class Content { kUnknown, kPicture, kArchive, kDocument, kBinary };

struct Signature {
    qsizetype at;
    QByteArrayView bytes;
    Content content;
};

/// The first bytes by which files tell what they are.
const Signature kSignatures[] = {
    {0, "\x89PNG\r\n", Content::kPicture},
    {0, "\xFF\xD8\xFF", Content::kPicture},
    {0, "GIF87a", Content::kPicture},
    {0, "GIF89a", Content::kPicture},
    {8, "WEBP", Content::kPicture},
    {4, "ftypheic", Content::kPicture},
    {4, "ftypavif", Content::kPicture},
    {0, QByteArrayView("II*\0", 4), Content::kPicture},
    {0, QByteArrayView("MM\0*", 4), Content::kPicture},
    {0, "%PDF-", Content::kDocument},
    {0, "{\\rtf", Content::kDocument},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Content::kDocument},
    {0, "PK\x03\x04", Content::kArchive},
    {0, "PK\x05\x06", Content::kArchive},
    {0, "\x1F\x8B", Content::kArchive},
    {0, "BZh", Content::kArchive},
    {0,
     QByteArrayView("\xFD"
                    "7zXZ\0",
                    6),
     Content::kArchive},
    {0, "7z\xBC\xAF\x27\x1C", Content::kArchive},
    {0, "Rar!\x1A\x07", Content::kArchive},
    {0, "\x28\xB5\x2F\xFD", Content::kArchive},
    {257, "ustar", Content::kArchive},
    {0,
     "\x7F"
     "ELF",
     Content::kBinary},
    {0, "GGUF", Content::kBinary},
};

Content contentOf(QByteArrayView bytes) {
    for (const auto& signature : kSignatures) {
        const auto end = signature.at + signature.bytes.size();
        if (bytes.size() >= end && bytes.sliced(signature.at, signature.bytes.size()) == signature.bytes) {
            return signature.content;
        }
    }
    return Content::kUnknown;
}

Trouble refusal(const QString& title, const QString& text) {
    return {title, text, Trouble::Action::kNone};
}

Trouble archiveRefusal(const QString& name, const QString& mediaType) {
    static const QLatin1String kOffice[] = {QLatin1String("opendocument"), QLatin1String("openxmlformats"),
                                            QLatin1String("epub")};
    for (const auto& office : kOffice) {
        if (mediaType.contains(office)) {
            return refusal(Words::tr("%1 isn't plain text").arg(name),
                           Words::tr("Documents like this can't be read here. Save it as text, or copy its words and "
                                     "paste them."));
        }
    }
    return refusal(Words::tr("%1 is an archive").arg(name),
                   Words::tr("Unpack it and attach the files that the question is about."));
}

std::optional<Trouble> refusalOf(Content content, const QString& name, const QString& mediaType) {
    switch (content) {
    case Content::kUnknown:
        return std::nullopt;
    case Content::kPicture:
        return pictureRefusal(name);
    case Content::kArchive:
        return archiveRefusal(name, mediaType);
    case Content::kDocument:
        return refusal(Words::tr("%1 isn't plain text").arg(name),
                       Words::tr("Documents like this can't be read here. Save it as text, or copy its words and "
                                 "paste them."));
    case Content::kBinary:
        break;
    }
    return refusal(Words::tr("%1 holds no text").arg(name), Words::tr("Only text and code can be attached."));
}

Trouble tooLarge(const QString& name, qint64 bytes) {
    const QLocale locale;
    return refusal(Words::tr("%1 is too large").arg(name),
                   Words::tr("It has %1; files up to %2 can be attached. Attach the part that the question is about.")
                       .arg(locale.formattedDataSize(bytes), locale.formattedDataSize(kLargestAttachmentBytes)));
}

bool isHidden(QChar character) {
    const auto code = character.unicode();
    const bool direction = (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
                           (code >= 0x2066 && code <= 0x2069) || code == 0x061C || code == 0xFEFF;
    return direction || character.category() == QChar::Other_Control;
}

} // namespace

Trouble pictureRefusal(const QString& name) {
    const QString text = Words::tr("The model reads text only. Describe what matters in it, or paste its words.");
    return name.isEmpty() ? refusal(Words::tr("Pictures can't be seen by this model"), text)
                          : refusal(Words::tr("%1 is a picture, which this model can't see").arg(name), text);
}

QString sanitisedName(const QString& name) {
    QString clean;
    const auto slash = std::max(name.lastIndexOf(QLatin1Char('/')), name.lastIndexOf(QLatin1Char('\\')));
    for (const QChar character : QStringView(name).sliced(slash + 1)) {
        if (!isHidden(character)) {
            clean += character;
        } else if (character == QLatin1Char('\n') || character == QLatin1Char('\t')) {
            clean += QLatin1Char(' ');
        }
    }
    clean = clean.simplified();
    clean.replace(QLatin1Char('"'), QLatin1Char('\''));
    if (clean.size() > kLongestName) {
        // The end says what kind of file it is.
        const qsizetype tail = kLongestName / 4;
        clean = clean.left(kLongestName - tail - 1) + QChar(0x2026) + clean.right(tail);
    }
    return clean.isEmpty() ? Words::tr("unnamed") : clean;
}

AttachmentOutcome toAttachment(const QString& name, const QByteArray& bytes) {
    const QString shown = sanitisedName(name);
    const QString mediaType = QMimeDatabase().mimeTypeForFileNameAndData(name, bytes).name();
    if (const auto refused = refusalOf(contentOf(bytes), shown, mediaType)) {
        return *refused;
    }
    if (bytes.size() > kLargestAttachmentBytes) {
        return tooLarge(shown, bytes.size());
    }
    const auto text = decodeText(bytes);
    if (!text) {
        return *refusalOf(Content::kBinary, shown, mediaType);
    }
    if (text->trimmed().isEmpty()) {
        return refusal(Words::tr("%1 is empty").arg(shown), Words::tr("There is nothing in it to read."));
    }
    return Attachment{shown, mediaType, *text, bytes.size()};
}

AttachmentOutcome readAttachment(const QString& path) {
    const QFileInfo info(path);
    const QString name = sanitisedName(info.fileName());
    if (info.isDir()) {
        return refusal(Words::tr("%1 is a folder").arg(name), Words::tr("Attach the files in it one by one."));
    }
    if (!info.exists()) {
        return refusal(Words::tr("%1 isn't there").arg(name),
                       Words::tr("It was moved or deleted, or its disk isn't connected."));
    }
    if (!info.isFile()) {
        return refusal(Words::tr("%1 isn't a file").arg(name), Words::tr("Only text and code can be attached."));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return refusal(Words::tr("%1 couldn't be read").arg(name), file.errorString());
    }
    // A larger file's beginning still tells whether it is a picture or an archive, which is the better reason.
    const QByteArray bytes = file.read(kLargestAttachmentBytes + 1);
    if (file.error() != QFileDevice::NoError) {
        return refusal(Words::tr("%1 couldn't be read").arg(name), file.errorString());
    }
    auto outcome = toAttachment(info.fileName(), bytes);
    if (bytes.size() > kLargestAttachmentBytes && contentOf(bytes) == Content::kUnknown) {
        return tooLarge(name, std::max(info.size(), qint64(bytes.size())));
    }
    return outcome;
}

} // namespace alcuin::app

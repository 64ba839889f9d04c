#pragma once

#include <QMimeData>

#include <memory>

#include "chat/markdown/block.h"

namespace alcuin::ui {

/// The same words in the formats that other programs take: plain text, Markdown and HTML.
struct Transfer {
    QString plain;
    QString markdown; ///< empty: plain text is all there is, as of code
    QString html;     ///< of the body
};

/// What goes on the clipboard: text/plain, and with it text/markdown and text/html where there are any.
std::unique_ptr<QMimeData> mimeDataOf(const Transfer& transfer);

} // namespace alcuin::ui

#include "chat/export/transfer.h"

namespace alcuin::ui {

std::unique_ptr<QMimeData> mimeDataOf(const Transfer& transfer) {
    auto data = std::make_unique<QMimeData>();
    data->setText(transfer.plain);
    if (!transfer.markdown.isEmpty()) {
        data->setData(QStringLiteral("text/markdown"), transfer.markdown.toUtf8());
    }
    if (!transfer.html.isEmpty()) {
        data->setHtml(
            QStringLiteral("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n%1</body></html>\n")
                .arg(transfer.html));
    }
    return data;
}

} // namespace alcuin::ui

#include "chat/link_question.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QPushButton>
#include <QUrl>

#include "widgets/message_dialog.h"

namespace alcuin::ui {

namespace {
QString tr(const char* text) {
    return QCoreApplication::translate("LinkQuestion", text);
}
} // namespace

void askToOpenLink(const QUrl& url, const Theme& theme, QWidget& parent) {
    const QString address = url.toString(QUrl::FullyEncoded);
    auto* question = new MessageDialog(theme, tr("Open this link?"), tr("This link opens outside Alcuin:"), {address},
                                       std::nullopt, &parent);
    auto* follow = question->addButton(tr("Open link"), QDialogButtonBox::AcceptRole);
    auto* copy = question->addButton(tr("Copy link"), QDialogButtonBox::ActionRole);
    question->addButton(tr("Cancel"), QDialogButtonBox::RejectRole, true);
    QObject::connect(follow, &QPushButton::clicked, question, [url] { QDesktopServices::openUrl(url); });
    QObject::connect(copy, &QPushButton::clicked, question,
                     [address] { QGuiApplication::clipboard()->setText(address); });
    question->open();
}

} // namespace alcuin::ui

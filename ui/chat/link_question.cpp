#include "chat/link_question.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

namespace alcuin::ui {

namespace {
QString tr(const char* text) {
    return QCoreApplication::translate("LinkQuestion", text);
}
} // namespace

void askToOpenLink(const QUrl& url, QWidget& parent) {
    auto* question = new QMessageBox(&parent);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setWindowTitle(tr("Open this link?"));
    question->setTextFormat(Qt::PlainText);
    question->setText(tr("This link opens outside Alcuin:"));
    question->setInformativeText(url.toString(QUrl::FullyEncoded));
    auto* follow = question->addButton(tr("Open link"), QMessageBox::AcceptRole);
    auto* copy = question->addButton(tr("Copy link"), QMessageBox::ActionRole);
    question->setDefaultButton(question->addButton(QMessageBox::Cancel));
    QObject::connect(question, &QMessageBox::buttonClicked, question,
                     [follow, copy, url](const QAbstractButton* pressed) {
                         if (pressed == follow) {
                             QDesktopServices::openUrl(url);
                         } else if (pressed == copy) {
                             QGuiApplication::clipboard()->setText(url.toString(QUrl::FullyEncoded));
                         }
                     });
    question->open();
}

} // namespace alcuin::ui

#include "chat/desk/attachment_strip.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "chat/desk/file_chip.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/flow_layout.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"

namespace alcuin::ui {

AttachmentStrip::AttachmentStrip(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_column(new QVBoxLayout(this))
    , m_files(new QWidget(this))
    , m_refused(new QWidget(this)) {
    setAccessibleName(tr("Files that go along"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Space::k1);
    m_column->addWidget(m_files);
    m_column->addWidget(m_refused);
    auto* flow = new FlowLayout(m_files);
    flow->setContentsMargins(0, 0, 0, 0);
    flow->setSpacing(Space::k2);
    auto* lines = new QVBoxLayout(m_refused);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(0);
    connect(&theme, &Theme::changed, this, &AttachmentStrip::rebuild);
    refresh();
}

const QList<app::Attachment>& AttachmentStrip::attachments() const {
    return m_attachments;
}

void AttachmentStrip::setAttachments(const QList<app::Attachment>& attachments) {
    if (attachments != m_attachments) {
        m_attachments = attachments;
        rebuild();
        emit changed();
    }
}

void AttachmentStrip::add(const QList<app::Attachment>& attachments) {
    QList<app::Attachment> all = m_attachments;
    for (const auto& attachment : attachments) {
        if (!all.contains(attachment)) {
            all.append(attachment);
        }
    }
    setAttachments(all);
}

void AttachmentStrip::refuse(const QList<app::Trouble>& refusals) {
    if (refusals.isEmpty()) {
        return;
    }
    for (const auto& refusal : refusals) {
        const auto same = [&](const app::Trouble& other) {
            return other.title == refusal.title && other.text == refusal.text;
        };
        if (std::none_of(m_refusals.cbegin(), m_refusals.cend(), same)) {
            m_refusals.append(refusal);
        }
    }
    rebuild();
    QAccessibleEvent event(m_refused, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void AttachmentStrip::clearRefusals() {
    if (!m_refusals.isEmpty()) {
        m_refusals.clear();
        rebuild();
    }
}

void AttachmentStrip::setReading(int files) {
    if (files != m_reading) {
        m_reading = files;
        rebuild();
    }
}

void AttachmentStrip::removeAt(int index) {
    m_attachments.removeAt(index);
    rebuild();
    const auto chips = m_files->findChildren<FileChip*>(QString(), Qt::FindDirectChildrenOnly);
    if (chips.isEmpty()) {
        emit focusLost();
    } else {
        chips.at(std::min(index, static_cast<int>(chips.size()) - 1))->setFocus(Qt::OtherFocusReason);
    }
    emit changed();
}

void AttachmentStrip::rebuild() {
    const auto clear = [](QWidget* widget) {
        for (QWidget* child : widget->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
            child->hide();
            child->setParent(nullptr);
            child->deleteLater(); // it may be what asked for this
        }
    };
    clear(m_files);
    clear(m_refused);
    for (int i = 0; i < m_attachments.size(); ++i) {
        auto* chip = new FileChip(m_attachments.at(i), m_theme, m_files);
        connect(chip, &FileChip::clicked, this, [this, i] { emit previewRequested(m_attachments.at(i)); });
        connect(chip, &FileChip::removeRequested, this, [this, i] { removeAt(i); });
        m_files->layout()->addWidget(chip);
        chip->show(); // at once: it may be given the focus
    }
    if (m_reading > 0) {
        auto* reading = new Label(m_theme, FontRole::kSecondary, &Colors::ink2, m_files);
        reading->setText(m_reading == 1 ? tr("Reading a file") : tr("Reading %1 files").arg(m_reading));
        m_files->layout()->addWidget(reading);
    }
    for (const auto& refusal : m_refusals) {
        auto* line = new QWidget(m_refused);
        line->setAccessibleName(refusal.title);
        line->setAccessibleDescription(refusal.text);
        auto* words = new Label(m_theme, FontRole::kSecondary, &Colors::negative, line);
        words->setText(refusal.text.isEmpty() ? refusal.title
                                              : tr("%1. %2", "sentences").arg(refusal.title, refusal.text));
        words->setWordWrap(true);
        auto* close = new IconButton(m_theme, Icon::kClose, tr("Put this notice away"), line);
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->addWidget(words, 1);
        row->addWidget(close, 0, Qt::AlignTop);
        m_refused->layout()->addWidget(line);
        connect(close, &IconButton::clicked, this, [this] {
            clearRefusals();
            emit focusLost();
        });
    }
    refresh();
}

void AttachmentStrip::refresh() {
    m_files->setVisible(!m_attachments.isEmpty() || m_reading > 0);
    m_refused->setVisible(!m_refusals.isEmpty());
    setVisible(!m_attachments.isEmpty() || m_reading > 0 || !m_refusals.isEmpty());
    updateGeometry();
}

} // namespace alcuin::ui

#pragma once

#include <QList>
#include <QWidget>

#include "services/chat_values.h"

class QVBoxLayout;

namespace alcuin::ui {

class FlowLayout;
class Theme;

/// The files that go along with the question being written, each with its name, its size and a way to remove it, and
/// in words why others couldn't come.
class AttachmentStrip : public QWidget {
    Q_OBJECT
public:
    explicit AttachmentStrip(const Theme& theme, QWidget* parent = nullptr);

    const QList<app::Attachment>& attachments() const;
    void setAttachments(const QList<app::Attachment>& attachments);
    /// Files that are there already aren't added again.
    void add(const QList<app::Attachment>& attachments);
    void refuse(const QList<app::Trouble>& refusals);
    void clearRefusals();
    /// So many files are being read.
    void setReading(int files);

signals:
    void changed();
    /// The person wants to see what goes along.
    void previewRequested(const alcuin::app::Attachment& attachment);
    /// Nothing in the strip is left to have the focus.
    void focusLost();

private:
    void rebuild();
    void removeAt(int index);
    void refresh();

    const Theme& m_theme;
    QList<app::Attachment> m_attachments;
    QList<app::Trouble> m_refusals;
    int m_reading = 0;
    QVBoxLayout* m_column;
    QWidget* m_files;
    QWidget* m_refused;
};

} // namespace alcuin::ui

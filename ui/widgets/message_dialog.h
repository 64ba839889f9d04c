#pragma once

#include <QDialog>
#include <QDialogButtonBox>

#include <optional>

#include "theme/icons.h"
#include "theme/theme.h"

class QPushButton;
class QVBoxLayout;

namespace alcuin::ui {

/// Says something that a person asked for or has to decide: a line, what belongs to it, and buttons. It blocks nobody:
/// `open()` it and connect its buttons; it deletes itself. What doesn't fit on the screen is scrolled to.
class MessageDialog : public QDialog {
    Q_OBJECT
public:
    struct Sign {
        Icon icon;
        QColor Colors::*color = &Colors::ink2;
    };

    /// `more`: paragraphs. Addresses and paths are broken where they are too long for a line.
    MessageDialog(const Theme& theme, const QString& title, const QString& text, const QStringList& more,
                  const std::optional<Sign>& sign, QWidget* parent);

    /// Every button closes the dialog. The default one has the focus.
    QPushButton* addButton(const QString& text, QDialogButtonBox::ButtonRole role, bool isDefault = false);

    /// All that it says, for tests and screen readers.
    QString words() const;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* m_content;
    QVBoxLayout* m_column; ///< of the words
    QDialogButtonBox* m_buttons;
    QString m_words;
};

/// `text` with places where a line may be broken in words longer than a line.
QString breakable(const QString& text);

} // namespace alcuin::ui

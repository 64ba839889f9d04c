#pragma once

#include "widgets/card.h"

class QLineEdit;
class QToolButton;

namespace alcuin::ui {

class IconButton;
class Label;

/// The field that one looks for words with, how many there are, and the way from one to the next.
class FindBar : public Card {
    Q_OBJECT
public:
    FindBar(const Theme& theme, QWidget* parent);

    QString text() const;
    void setText(const QString& text);
    bool matchesCase() const;
    void focusText();

    /// `current` counts from 1, 0 is none of them; `complete`: all was looked through.
    void setResult(int current, int count, bool complete);
    QString resultText() const;

signals:
    void queryChanged();
    void nextRequested();
    void previousRequested();
    void closeRequested();

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const Theme& m_theme;
    QLineEdit* m_edit;
    Label* m_result;
    QToolButton* m_case;
    IconButton* m_previous;
    IconButton* m_next;
};

} // namespace alcuin::ui

#pragma once

#include "widgets/scrolled_page.h"

class QBoxLayout;
class QPushButton;

namespace alcuin::ui {

class Label;
class Theme;

/// A conversation that has nothing in it yet: one sentence and the two most useful actions.
class WelcomePage : public ScrolledPage {
    Q_OBJECT
public:
    explicit WelcomePage(const Theme& theme, QWidget* parent = nullptr);

    /// The conversation that can be taken up again; empty: there is none.
    void setLastTitle(const QString& title);

signals:
    void continueRequested();
    void openFileRequested();
    void shortcutsRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    QBoxLayout* m_actions;
    QPushButton* m_continue;
    QPushButton* m_shortcuts;
};

} // namespace alcuin::ui

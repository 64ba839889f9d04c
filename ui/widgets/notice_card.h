#pragma once

#include "services/chat_values.h"
#include "widgets/card.h"

class QPushButton;

namespace alcuin::ui {

class IconButton;
class Label;

/// What went wrong, to what, and a button that helps; stands in place until it is put away.
class NoticeCard : public Card {
    Q_OBJECT
public:
    explicit NoticeCard(const Theme& theme, QWidget* parent = nullptr);

    void show(const app::Trouble& trouble);
    /// With a button of another name than the trouble's action has; empty: none.
    void show(const app::Trouble& trouble, const QString& button);
    const app::Trouble& trouble() const;

signals:
    void actionRequested(alcuin::app::Trouble::Action action);

private:
    app::Trouble m_trouble;
    Label* m_title;
    Label* m_text;
    QPushButton* m_button;
    IconButton* m_close;
};

} // namespace alcuin::ui

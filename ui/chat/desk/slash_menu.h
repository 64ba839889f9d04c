#pragma once

#include <QList>
#include <QString>
#include <QUuid>

#include "theme/icons.h"
#include "widgets/card.h"

class QKeyEvent;
class QListWidget;

namespace alcuin::ui {

class Label;

/// Something that "/" offers.
struct SlashChoice {
    enum class Kind { kSnippet, kPersona, kCommand };
    Kind kind = Kind::kSnippet;
    QUuid id; ///< of the snippet or the persona
    QString name;
    QString detail;  ///< its first words
    QString command; ///< which one
    Icon icon = Icon::kSnippet;
};

/// What can be put into the composer or set for the conversation, opened by "/" on an empty line. The keyboard stays
/// in the composer: what is typed narrows the list, arrows move in it, Enter and Tab take, Escape closes.
class SlashMenu : public Card {
    Q_OBJECT
public:
    explicit SlashMenu(const Theme& theme, QWidget* parent = nullptr);

    void setChoices(const QList<SlashChoice>& choices);
    /// Shows what fits the words after the "/". False, and closed, where nothing does.
    bool open(const QString& words);
    /// Takes the keys that are its own while it is open.
    bool takeKey(const QKeyEvent& event);
    QListWidget& list() const;

    QSize sizeHint() const override;

    static constexpr int kIconRole = Qt::UserRole + 2;

signals:
    void chosen(const alcuin::ui::SlashChoice& choice);
    /// Open with another size: to be put in its place.
    void placeNeeded();

private:
    void take();
    void moveBy(int rows);
    void tellReader();

    QList<SlashChoice> m_choices;
    QList<int> m_shown; ///< of the choices, by row
    Label* m_hint;
    QListWidget* m_list;
};

} // namespace alcuin::ui

#pragma once

#include <QObject>
#include <QUuid>

#include "services.h"

namespace alcuin::ui {

class Composer;
class SlashMenu;
class Theme;
struct SlashChoice;

/// What a slash at the beginning of a line offers: snippets, personas and commands, in a menu over the composer. The
/// keyboard stays in the composer.
class SlashKeeper : public QObject {
    Q_OBJECT
public:
    SlashKeeper(const Services& services, const Theme& theme, Composer& composer, SlashMenu& menu,
                QObject* parent = nullptr);

signals:
    void filesRequested();
    void personaChosen(const QUuid& persona);
    void panelRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool filterKeys(QEvent& event);
    void toggle();
    void fill();
    void follow();
    void close();
    void place();
    void choose(const SlashChoice& choice);
    void openSnippets();

    Services m_services;
    const Theme& m_theme;
    Composer& m_composer;
    SlashMenu& m_menu;
};

} // namespace alcuin::ui

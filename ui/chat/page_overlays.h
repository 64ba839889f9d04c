#pragma once

#include <QObject>

namespace alcuin::ui {

class IconButton;
class PageBody;
class Theme;
class UndoBar;

/// What floats over the end of the turns and moves nothing: the way to the end, and the way back from a deletion.
class PageOverlays : public QObject {
    Q_OBJECT
public:
    /// Both stand in the middle of `below`, which shares its parent with `body`.
    PageOverlays(const Theme& theme, PageBody& body, QWidget& below, QObject* parent = nullptr);

    UndoBar& undoBar() const;

signals:
    /// The turns' end was gone to.
    void jumped();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    const Theme& m_theme;
    PageBody& m_body;
    QWidget& m_below;
    IconButton* m_jump;
    UndoBar* m_undoBar;
};

} // namespace alcuin::ui

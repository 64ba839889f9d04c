#pragma once

#include <QDialog>
#include <QTimer>
#include <QUuid>

#include "services/library_service.h"

class QLineEdit;
class QListWidget;
class QPushButton;

namespace alcuin::ui {

class TextArea;
class Label;
class Theme;

/// Snippets or personas to be written, renamed and removed: their names beside the one that is shown. What is changed
/// is kept when another is chosen, and when the dialog goes away; what is removed, by the button or by Delete in the
/// list, can be brought back.
class LibraryDialog : public QDialog {
    Q_OBJECT
public:
    LibraryDialog(app::LibraryService::Kind kind, app::LibraryService& library, const Theme& theme,
                  QWidget* parent = nullptr);

    void done(int result) override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool isSnippets() const;
    void buildLayout(const Theme& theme);
    void alignName();
    void fill();
    void show(const QUuid& id);
    void keep();
    void addNew();
    void removeShown();

    app::LibraryService::Kind m_kind;
    app::LibraryService& m_library;
    QListWidget* m_list;
    Label* m_none; ///< says that the list is empty
    QLineEdit* m_name;
    TextArea* m_text;
    QPushButton* m_remove;
    QPushButton* m_undo;
    Label* m_hint;
    QUuid m_shown;  ///< what the fields show
    QUuid m_wanted; ///< is shown once it is back in the list
    QUuid m_removed;
    bool m_new = false; ///< what is shown isn't stored yet
    bool m_filling = false;
};

} // namespace alcuin::ui

#pragma once

#include <QDialog>
#include <QList>

class QGridLayout;

namespace alcuin::ui {

class Theme;
struct ActionSection;

/// What every key does, under headings, in two columns where the screen has room for them.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(const QList<ActionSection>& sections, const Theme& theme, QWidget* parent = nullptr);

private:
    struct Row {
        QString keys;
        QString meaning;
    };
    struct Section {
        QString heading;
        QList<Row> rows;
    };
    static QList<Section> rowsOf(const QList<ActionSection>& sections);
    static qsizetype halfOf(const QList<Section>& sections);
    QGridLayout* makeColumn(const QList<Section>& sections, const Theme& theme, QWidget* parent) const;
};

} // namespace alcuin::ui

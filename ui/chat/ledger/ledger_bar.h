#pragma once

#include <QAbstractButton>

#include "services/chat_values.h"

namespace alcuin::ui {

class Theme;

/// What fills the context, always in sight: a bar of 4 px in segments. Pressing it asks for the whole story.
class LedgerBar : public QAbstractButton {
    Q_OBJECT
public:
    explicit LedgerBar(const Theme& theme, QWidget* parent = nullptr);

    void setLedger(const app::Ledger& ledger);
    const app::Ledger& ledger() const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();
    void paintSegments(QPainter& painter, const QRectF& bar) const;

    const Theme& m_theme;
    app::Ledger m_ledger;
};

} // namespace alcuin::ui

#pragma once

#include <QApplication>
#include <QScrollBar>
#include <QtTest/QTest>

#include <memory>

#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/sample.h"

namespace alcuin::tests {

using namespace alcuin::ui;

/// A transcript in a window of its own, for one test.
class TranscriptFixture : public QObject {
protected:
    void open() {
        m_theme = std::make_unique<Theme>();
        m_view = std::make_unique<TranscriptView>(*m_theme);
        m_view->resize(700, 500);
        m_view->show();
        QApplication::processEvents();
    }
    void close() {
        m_view.reset();
        m_theme.reset();
    }
    Turn& turn(int index) {
        return state().list.turn(index);
    }
    TranscriptAccess::State& state() {
        return TranscriptAccess::of(*m_view);
    }
    QScrollBar* bar() {
        return m_view->verticalScrollBar();
    }
    QPoint controlPoint(int index, const Control& control) {
        const QRectF rect = turn(index).rectOf(control).translated(state().list.origin(index));
        return rect.translated(0, -state().value()).center().toPoint();
    }
    QPoint characterPoint(int index, int block, int offset) {
        const Flow* flow = turn(index).flow(Part::kAnswer);
        const Flow::Item& item = flow->item(block);
        const QRectF rect = item.box->rectsOf({offset, offset + 1}).first();
        const QPointF origin = state().list.origin(index) + turn(index).origin(Part::kAnswer) +
                               QPointF(item.left, item.top - state().value());
        return (origin + QPointF(rect.left() + 1, rect.center().y())).toPoint();
    }
    void drag(QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, modifiers, from);
        move(to);
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, modifiers, to);
    }
    void move(QPoint to) {
        QMouseEvent event(QEvent::MouseMove, to, m_view->viewport()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
                          Qt::NoModifier);
        QApplication::sendEvent(m_view->viewport(), &event);
    }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<TranscriptView> m_view;
};

} // namespace alcuin::tests

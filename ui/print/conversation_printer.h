#pragma once

#include <QObject>
#include <QPainter>
#include <QTimer>

#include <memory>

#include "print/paginate.h"
#include "print/paper.h"

class QPagedPaintDevice;

namespace alcuin::ui {

/// Sets a conversation on pages and paints them: title and date above, "2 of 7" below, no line cut. Text stays text, so
/// that a PDF can be searched. Turns are laid out one at a time, twice: the first time for the number of pages.
/// Of the pages only those are painted that the device names, with the numbers they have among all.
class ConversationPrinter : public QObject {
    Q_OBJECT
public:
    /// `device` must outlive this.
    ConversationPrinter(PaperConversation conversation, QPagedPaintDevice& device, QObject* parent = nullptr);
    ~ConversationPrinter() override;

    /// All of it, now. False: the device took no pages, or wants none of those there are.
    bool run();
    /// In pieces between events; ends with finished().
    void start();
    void cancel();

    /// Known once all turns were laid out.
    int pageCount() const;

signals:
    void progressed(int done, int total);
    void finished(bool ok);

private:
    struct PaperTurn;
    enum class State { kMeasuring, kPainting, kDone, kFailed };
    void step();
    void measureNext();
    void paintNext();
    void paintFrame(int page);
    PaperTurn& laidOut(int index);
    void end(bool ok);

    PaperConversation m_conversation;
    QPagedPaintDevice& m_device;
    Look m_look;
    std::unique_ptr<Paginator> m_paginator;
    std::unique_ptr<PaperTurn> m_turn; ///< the one laid out last
    int m_turnIndex = -1;
    QPainter m_painter;
    QTimer m_timer;
    State m_state = State::kMeasuring;
    double m_width = 0;
    double m_height = 0;       ///< of the page's text
    std::vector<int> m_wanted; ///< the pages that are painted, counted from 0
    int m_next = 0;
};

} // namespace alcuin::ui

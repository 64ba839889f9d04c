#include "print/conversation_printer.h"

#include "chat/layout/flow.h"
#include "chat/layout/turn_words.h"
#include "chat/markdown/parser.h"
#include "chat/paint/pieces.h"

#include <QElapsedTimer>
#include <QFontMetricsF>
#include <QLocale>
#include <QPageLayout>
#include <QPageRanges>
#include <QPagedPaintDevice>

#include <algorithm>
#include <cmath>

namespace alcuin::ui {

namespace {

constexpr double kPixelsPerPoint = 96.0 / 72.0;
constexpr double kHeader = 34; ///< room above the text
constexpr double kFooter = 30;
constexpr double kTurnGap = 22;
constexpr double kLabel = 22;
constexpr double kBar = 12; ///< a question stands behind a line
constexpr int kSliceMs = 25;
constexpr int kKeptLines = 2; ///< of a paragraph never alone on a page
constexpr double kAll = 1e9;

} // namespace

/// One message laid out for the page's width: a label, what was thought if that is wanted, and the text.
struct ConversationPrinter::PaperTurn {
    struct Part {
        Flow flow;
        QPointF at;
        bool thought = false;
    };
    std::vector<std::unique_ptr<Part>> parts;
    QString label;
    QString ending;
    bool question = false;
    Strip strip;

    void add(const markdown::Blocks& blocks, const Look& look, Place place, double left, double width, double& y);
    void cutsOf(const Part& part);
};

void ConversationPrinter::PaperTurn::add(const markdown::Blocks& blocks, const Look& look, Place place, double left,
                                         double width, double& y) {
    auto part = std::make_unique<Part>();
    part->thought = place == Place::kReasoning;
    part->flow.setFrame(look, place, width);
    part->flow.setBlocks(blocks);
    part->flow.measure(0, kAll);
    part->at = {left, y};
    y += part->flow.height();
    cutsOf(*part);
    parts.push_back(std::move(part));
}

/// Between blocks, but not behind a heading; between lines, but not so that one stands alone.
void ConversationPrinter::PaperTurn::cutsOf(const Part& part) {
    const Flow& flow = part.flow;
    for (int i = 0; i < flow.count(); ++i) {
        const Flow::Item& item = flow.item(i);
        const double top = part.at.y() + item.top;
        const QList<double> lines = item.box->breaks();
        const double head = item.box->headerHeight();
        for (qsizetype k = 0; k + 1 < lines.size(); ++k) {
            const bool table = head > 0;
            if (table ? lines.at(k) <= head + 0.5 : k + 1 < kKeptLines || k + 1 + kKeptLines > lines.size()) {
                continue;
            }
            strip.cuts.push_back({top + lines.at(k), top + lines.at(k), table ? top : 0, table ? top + head : 0});
        }
        if (i + 1 < flow.count() && flow.blocks().at(i).kind != markdown::BlockKind::kHeading) {
            strip.cuts.push_back({top + item.height, part.at.y() + flow.item(i + 1).top, 0, 0});
        }
    }
}

ConversationPrinter::ConversationPrinter(PaperConversation conversation, QPagedPaintDevice& device, QObject* parent)
    : QObject(parent), m_conversation(std::move(conversation)), m_device(device) {
    const QRectF page = device.pageLayout().paintRect(QPageLayout::Point);
    m_width = std::floor(page.width() * kPixelsPerPoint);
    m_height = std::floor(page.height() * kPixelsPerPoint) - kHeader - kFooter;
    m_height = std::max(100.0, m_height);
    m_look = paperLook(m_conversation.direction, m_height - kLabel);
    m_paginator = std::make_unique<Paginator>(m_height, kTurnGap);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        QElapsedTimer timer;
        timer.start();
        while (m_timer.isActive() && timer.elapsed() < kSliceMs) {
            step();
        }
    });
}

ConversationPrinter::~ConversationPrinter() = default;

bool ConversationPrinter::run() {
    while (m_state == State::kMeasuring || m_state == State::kPainting) {
        step();
    }
    return m_state == State::kDone;
}

void ConversationPrinter::start() {
    m_timer.start(0);
}

void ConversationPrinter::cancel() {
    if (m_state == State::kMeasuring || m_state == State::kPainting) {
        end(false);
    }
}

int ConversationPrinter::pageCount() const {
    return int(m_paginator->pages().size());
}

void ConversationPrinter::step() {
    if (m_state == State::kMeasuring) {
        measureNext();
    } else if (m_state == State::kPainting) {
        paintNext();
    }
}

void ConversationPrinter::end(bool ok) {
    m_timer.stop();
    const bool written = !m_painter.isActive() || m_painter.end();
    m_state = ok && written ? State::kDone : State::kFailed;
    m_turn.reset();
    emit finished(m_state == State::kDone);
}

ConversationPrinter::PaperTurn& ConversationPrinter::laidOut(int index) {
    if (m_turnIndex == index && m_turn) {
        return *m_turn;
    }
    m_turnIndex = index;
    m_turn = std::make_unique<PaperTurn>();
    const app::MessageView& view = m_conversation.path.at(index);
    m_turn->question = view.role == app::Role::kUser;
    m_turn->label = m_turn->question || view.modelName.isEmpty()
                        ? TurnWords::speaker(view)
                        : tr("%1 · %2", "speaker, model").arg(TurnWords::speaker(view), view.modelName);
    const bool mirrored = m_look.isRightToLeft();
    double y = kLabel;
    if (m_turn->question) {
        m_turn->add(markdown::parseTyped(view.text), m_look, Place::kAnswer, mirrored ? 0 : kBar, m_width - kBar, y);
    } else {
        if (m_conversation.openReasoning.contains(view.id) && !view.reasoning.isEmpty()) {
            m_turn->add(markdown::parse(view.reasoning.toUtf8()), m_look, Place::kReasoning, mirrored ? 0 : kBar,
                        m_width - kBar, y);
            y += Space::k3;
            m_turn->strip.cuts.push_back({y - Space::k3, y, 0, 0});
        }
        m_turn->add(markdown::parse(view.text.toUtf8()), m_look, Place::kAnswer, 0, m_width, y);
    }
    m_turn->ending = view.state == app::MessageState::kFailed ? TurnWords::errorText(view) : TurnWords::ending(view);
    if (!m_turn->ending.isEmpty()) {
        y += kLabel;
    }
    m_turn->strip.height = std::ceil(y);
    return *m_turn;
}

void ConversationPrinter::measureNext() {
    const auto total = int(m_conversation.path.size());
    if (m_next < total) {
        m_paginator->add(laidOut(m_next).strip);
        emit progressed(++m_next, 2 * total);
        return;
    }
    m_next = 0;
    m_state = State::kPainting;
    const QPageRanges wanted = m_device.pageRanges();
    for (int page = 0; page < pageCount(); ++page) {
        if (wanted.isEmpty() || wanted.contains(page + 1)) {
            m_wanted.push_back(page);
        }
    }
    if (m_wanted.empty() || !m_painter.begin(&m_device)) {
        end(false);
        return;
    }
    const double scale = m_device.logicalDpiX() / 96.0;
    m_painter.scale(scale, scale);
    m_painter.setRenderHint(QPainter::Antialiasing);
}

void ConversationPrinter::paintFrame(int page) {
    const bool mirrored = m_look.isRightToLeft();
    const double half = std::floor(0.7 * m_width);
    const QFontMetricsF metrics(m_look.secondary);
    const double line = metrics.height();
    const QRectF left(0, 0, half, line);
    const QRectF right(m_width - half, 0, half, line);
    m_painter.setFont(m_look.secondary);
    m_painter.setPen(m_look.colors.ink2);
    m_painter.setLayoutDirection(directionOf(m_conversation.title, m_look.direction));
    const double date = metrics.horizontalAdvance(m_conversation.date) + Space::k6;
    m_painter.drawText(mirrored ? right : left,
                       int((mirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | Qt::AlignTop),
                       metrics.elidedText(m_conversation.title, Qt::ElideRight, std::min(half, m_width - date)));
    m_painter.setLayoutDirection(Qt::LeftToRight);
    m_painter.drawText(mirrored ? left : right,
                       int((mirrored ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignAbsolute | Qt::AlignTop),
                       m_conversation.date);
    m_painter.fillRect(QRectF(0, line + 5, m_width, 0.75), m_look.colors.line);
    const QLocale locale;
    m_painter.drawText(QRectF(0, kHeader + m_height + kFooter - line, m_width, line), Qt::AlignHCenter | Qt::AlignTop,
                       tr("%1 of %2", "page").arg(locale.toString(page + 1), locale.toString(pageCount())));
}

void ConversationPrinter::paintNext() {
    const auto& pages = m_paginator->pages();
    if (m_next >= int(m_wanted.size())) {
        end(true);
        return;
    }
    if (m_next > 0 && !m_device.newPage()) {
        end(false);
        return;
    }
    const int page = m_wanted[size_t(m_next)];
    paintFrame(page);
    const bool mirrored = m_look.isRightToLeft();
    for (const Slice& slice : pages[size_t(page)]) {
        PaperTurn& turn = laidOut(slice.strip);
        const auto paintRange = [&](double from, double to, double y) {
            const QPointF origin(0, kHeader + y - from);
            // A hair smaller, so that a line that only touches the edge isn't drawn again, unseen, on both pages.
            const QRectF shown(-20, kHeader + y, m_width + 40, to - from);
            const QRectF clip = shown.adjusted(0, 0.1, 0, -0.1);
            m_painter.save();
            m_painter.setClipRect(shown);
            if (from <= 0) {
                QFont strong = m_look.secondary;
                strong.setWeight(QFont::DemiBold);
                paintLabel(m_painter, QRectF(origin, QSizeF(m_width, kLabel - 4)), turn.label, strong,
                           m_look.colors.accent, m_look.direction);
            }
            for (const auto& part : turn.parts) {
                const QRectF place(0, origin.y() + part->at.y(), m_width, part->flow.height());
                if ((turn.question || part->thought) && place.intersects(clip)) {
                    m_painter.fillRect(QRectF(mirrored ? m_width - 2 : 0, place.top(), 2, place.height()),
                                       turn.question ? m_look.colors.accent : m_look.colors.line);
                }
                part->flow.paint(m_painter, origin + part->at, clip, {});
            }
            if (!turn.ending.isEmpty() && to >= turn.strip.height) {
                paintLabel(m_painter, QRectF(0, origin.y() + turn.strip.height - kLabel + 4, m_width, kLabel - 4),
                           turn.ending, m_look.secondary, m_look.colors.ink2, m_look.direction);
            }
            m_painter.restore();
        };
        if (slice.headTo > slice.headFrom) {
            paintRange(slice.headFrom, slice.headTo, slice.y - (slice.headTo - slice.headFrom));
        }
        paintRange(slice.from, slice.to, slice.y);
    }
    ++m_next;
    const auto turns = int(m_conversation.path.size());
    emit progressed(turns + m_next * turns / int(m_wanted.size()), 2 * turns);
}

} // namespace alcuin::ui

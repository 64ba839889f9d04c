#include "print/paper_code_box.h"

#include "chat/layout/code_formats.h"
#include "chat/layout/table_box.h"
#include "highlight/highlighter.h"
#include "highlight/library.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <optional>

namespace alcuin::ui {

namespace {

constexpr double kPad = Space::k2;
constexpr double kCodeLine = 1.4;
constexpr double kLeastScale = 0.62; ///< 6.5 points
constexpr int kTabStop = 4;          ///< in characters, as on the screen

/// A line of code with spaces up to the next stop for each tab.
struct Untabbed {
    QString text;
    QList<int> places; ///< in `text`, of each character of the line and of its end; empty where there is no tab
    int placeOf(int offset) const {
        return places.isEmpty() ? offset : places.at(offset);
    }
};

Untabbed untabbed(QStringView line) {
    Untabbed result;
    if (!line.contains(u'\t')) {
        result.text = line.toString();
        return result;
    }
    result.places.reserve(line.size() + 1);
    for (const QChar c : line) {
        result.places.append(int(result.text.size()));
        if (c == u'\t') {
            result.text += QString(kTabStop - int(result.text.size()) % kTabStop, u' ');
        } else {
            result.text += c;
        }
    }
    result.places.append(int(result.text.size()));
    return result;
}

/// Code as one text whose lines are parted by line separators, and its colours.
struct ColouredCode {
    markdown::InlineText text;
    QList<QTextLayout::FormatRange> colours;
};

ColouredCode colouredCode(const markdown::Block& block, const Look& look) {
    const auto lines = QStringView(block.text.text).split(u'\n');
    const highlight::Language* language = look.languages ? look.languages->find(block.language) : nullptr;
    std::optional<highlight::Highlighter> highlighter;
    if (language != nullptr) {
        highlighter.emplace(*language, *look.languages);
    }
    ColouredCode code;
    for (int i = 0; i < int(lines.size()); ++i) {
        const QStringView line = lines.at(i);
        const Untabbed shown = untabbed(line);
        const int start = int(code.text.text.size()) + (i > 0 ? 1 : 0);
        code.text.text += (i > 0 ? QString(QChar(QChar::LineSeparator)) : QString()) + shown.text;
        if (!highlighter) {
            continue;
        }
        const auto& spans = highlighter->spansOf(i, [&lines](int at) { return lines.at(at); });
        for (QTextLayout::FormatRange range : formatsOf(spans, 0, int(line.size()), look.colors)) {
            const int from = shown.placeOf(range.start);
            range.length = shown.placeOf(range.start + range.length) - from;
            range.start = start + from;
            code.colours.append(range);
        }
    }
    return code;
}

TextLook codeLook(const Look& look, Place place) {
    TextLook text = look.text(place);
    text.font = look.code;
    text.lineHeight = std::ceil(kCodeLine * pixelSizeOf(look.code));
    return text;
}

LaidText laidCode(const markdown::Block& block, const Look& look, Place place) {
    ColouredCode code = colouredCode(block, look);
    LaidText laid(code.text, codeLook(look, place), Qt::LeftToRight, markdown::Align::kLeft);
    laid.setColours(std::move(code.colours));
    return laid;
}

/// Shrunk when even its longest words are too wide; where that would be too small to read, words are broken.
class PaperTable : public Box {
public:
    PaperTable(const markdown::Block& block, const Look& look, Place place) : m_table(block, look, place) {}

    double layout(double width) override {
        double height = m_table.layout(width);
        m_scale = 1;
        if (m_table.naturalWidth() > width) {
            m_scale = std::max(kLeastScale, width / m_table.naturalWidth());
            m_table.setAlwaysFits();
            height = m_table.layout(std::ceil(width / m_scale) + 1);
            m_scale = std::min(m_scale, width / m_table.naturalWidth()); // dozens of columns
        }
        return std::ceil(height * m_scale);
    }
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override {
        painter.save();
        painter.translate(at);
        painter.scale(m_scale, m_scale);
        const QRectF clip = paint.clip.translated(-at);
        BoxPaint scaled = paint;
        scaled.clip = QRectF(clip.topLeft() / m_scale, clip.size() / m_scale);
        m_table.paint(painter, {}, scaled);
        painter.restore();
    }
    int offsetAt(QPointF point) const override {
        return m_table.offsetAt(point / m_scale);
    }
    QList<QRectF> rectsOf(TextRange) const override {
        return {};
    }
    double naturalWidth() const override {
        return m_table.naturalWidth() * m_scale;
    }
    QList<double> breaks() const override {
        QList<double> breaks = m_table.breaks();
        for (double& y : breaks) {
            y *= m_scale;
        }
        return breaks;
    }
    double headerHeight() const override {
        return m_table.headerHeight() * m_scale;
    }

private:
    TableBox m_table;
    double m_scale = 1;
};

} // namespace

PaperCodeBox::PaperCodeBox(const markdown::Block& block, const Look& look, Place place)
    : m_text(laidCode(block, look, place)), m_fill(look.codeFill(place)) {}

double PaperCodeBox::layout(double width) {
    m_width = width;
    m_height = std::ceil(m_text.layout(width - 2 * kPad) + 2 * kPad);
    return m_height;
}

void PaperCodeBox::paint(QPainter& painter, QPointF at, const BoxPaint& paint) {
    painter.fillRect(QRectF(at, QSizeF(m_width, m_height)).intersected(paint.clip), m_fill);
    m_text.paint(painter, at + QPointF(kPad, kPad), paint.clip, paint.look.colors, {});
}

int PaperCodeBox::offsetAt(QPointF point) const {
    return m_text.offsetAt(point - QPointF(kPad, kPad));
}

QList<QRectF> PaperCodeBox::rectsOf(TextRange) const {
    return {};
}

double PaperCodeBox::naturalWidth() const {
    return m_width;
}

QList<double> PaperCodeBox::breaks() const {
    QList<double> breaks = m_text.lineBottoms();
    for (double& y : breaks) {
        y += kPad;
    }
    return breaks;
}

std::unique_ptr<Box> makePaperTable(const markdown::Block& block, const Look& look, Place place) {
    return std::make_unique<PaperTable>(block, look, place);
}

} // namespace alcuin::ui

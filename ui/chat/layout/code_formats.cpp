#include "chat/layout/code_formats.h"

#include <algorithm>

namespace alcuin::ui {

using highlight::Kind;
using highlight::Span;

QColor colorOf(Kind kind, const Colors& colors) {
    const Syntax& syntax = colors.syntax;
    switch (kind) {
    case Kind::kComment:
        return syntax.comment;
    case Kind::kString:
        return syntax.string;
    case Kind::kNumber:
    case Kind::kConstant:
        return syntax.number;
    case Kind::kKeyword:
    case Kind::kTag:
    case Kind::kHeading:
        return syntax.keyword;
    case Kind::kType:
        return syntax.type;
    case Kind::kFunction:
        return syntax.function;
    case Kind::kEscape:
    case Kind::kVariable:
    case Kind::kAttribute:
    case Kind::kMeta:
        return syntax.meta;
    case Kind::kInserted:
        return colors.positive;
    case Kind::kDeleted:
        return colors.negative;
    case Kind::kPlain:
    case Kind::kCount:
        break;
    }
    return {};
}

QList<QTextLayout::FormatRange> formatsOf(const std::vector<Span>& spans, int start, int length, const Colors& colors) {
    QList<QTextLayout::FormatRange> formats;
    for (auto span = std::ranges::lower_bound(spans, start, {}, [](const Span& s) { return s.start + s.length - 1; });
         span != spans.end() && span->start < start + length; ++span) {
        const int from = std::max(span->start, start);
        const int to = std::min(span->start + span->length, start + length);
        QTextLayout::FormatRange range;
        range.start = from - start;
        range.length = to - from;
        range.format.setForeground(colorOf(span->kind, colors));
        formats.append(range);
    }
    return formats;
}

} // namespace alcuin::ui

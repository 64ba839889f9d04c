#include "highlight/highlighter.h"

#include <algorithm>

namespace alcuin::ui::highlight {

namespace {
constexpr size_t kMostColoured = 512; ///< lines kept with their spans: some screens full
} // namespace

Highlighter::Highlighter(const Language& language, Library& library)
    : m_library(library), m_stacks(*language.start), m_begins{0} {}

int Highlighter::lex(int line, QStringView text, Coloured* coloured) {
    m_lexed += text.size();
    LineLexer lexer(text, m_stacks, m_library);
    const int after = lexer.run({.stack = m_begins[size_t(line)]}, coloured != nullptr ? &coloured->spans : nullptr,
                                coloured != nullptr ? &coloured->points : nullptr);
    m_steps += lexer.steps();
    return after;
}

/// The line is as it was up to its old length: only what lies behind a point well before it is lexed again.
int Highlighter::extend(int line, QStringView text, Coloured& coloured) {
    const int safe = coloured.length - LineLexer::kSafe;
    while (!coloured.points.empty() && coloured.points.back().at > safe) {
        coloured.points.pop_back();
    }
    if (coloured.points.empty()) {
        coloured.spans.clear();
        return lex(line, text, &coloured);
    }
    const LexPoint from = coloured.points.back();
    while (!coloured.spans.empty() && coloured.spans.back().start >= from.at) {
        coloured.spans.pop_back();
    }
    if (!coloured.spans.empty()) { // a span that goes on over the point is ended there and taken up again
        Span& last = coloured.spans.back();
        last.length = std::min(last.length, from.at - last.start);
    }
    m_lexed += text.size() - from.at;
    LineLexer lexer(text, m_stacks, m_library);
    const int after = lexer.run(from, &coloured.spans, &coloured.points);
    m_steps += lexer.steps();
    return after;
}

const std::vector<Span>& Highlighter::spansOf(int line, const LineText& text) {
    while (int(m_begins.size()) <= line) {
        const int known = int(m_begins.size()) - 1;
        m_begins.push_back(lex(known, text(known), nullptr));
    }
    auto found = m_coloured.find(line);
    if (found != m_coloured.end() && !found->second.grown) {
        return found->second.spans;
    }
    if (found == m_coloured.end()) {
        if (m_coloured.size() >= kMostColoured) {
            m_coloured.clear();
        }
        found = m_coloured.try_emplace(line).first;
        found->second.after = lex(line, text(line), &found->second);
    } else {
        found->second.after = extend(line, text(line), found->second);
        found->second.grown = false;
    }
    found->second.length = int(text(line).size());
    if (int(m_begins.size()) == line + 1) {
        m_begins.push_back(found->second.after);
    }
    return found->second.spans;
}

void Highlighter::grew(int line) {
    m_begins.resize(std::min(m_begins.size(), size_t(std::max(0, line)) + 1));
    if (const auto found = m_coloured.find(line); found != m_coloured.end()) {
        found->second.grown = true;
    }
    m_coloured.erase(m_coloured.upper_bound(line), m_coloured.end());
}

void Highlighter::changed(int line) {
    m_begins.resize(std::min(m_begins.size(), size_t(std::max(0, line)) + 1));
    m_coloured.erase(m_coloured.lower_bound(line), m_coloured.end());
}

} // namespace alcuin::ui::highlight

#include "highlight/line_lexer.h"

#include <algorithm>

namespace alcuin::ui::highlight {

namespace {

constexpr int kMostStill = 16; ///< moves at one place; then a character is taken as it is

bool isBlank(char16_t c) {
    return c == u' ' || c == u'\t';
}

bool isUpper(QChar c) {
    return c.unicode() < 128 ? c >= u'A' && c <= u'Z' : c.isUpper();
}

bool isLower(QChar c) {
    return c.unicode() < 128 ? c >= u'a' && c <= u'z' : c.isLower();
}

} // namespace

LineLexer::LineLexer(QStringView line, Stacks& stacks, Library& library)
    : m_line(line), m_stacks(stacks), m_library(library) {}

int LineLexer::run(LexPoint from, std::vector<Span>* spans, std::vector<LexPoint>* points) {
    m_point = std::move(from);
    m_spans = spans;
    m_limit = int(m_line.size());
    openEmbeddings();
    int lastPoint = m_point.at;
    for (;;) {
        // What is open here ends before anything else is looked at, also where the line does.
        if (leaveEmbedding()) {
            continue;
        }
        if (m_point.at >= m_line.size()) {
            break;
        }
        if (points != nullptr && m_point.at - lastPoint >= kPointGap) {
            lastPoint = m_point.at;
            points->push_back(m_point);
        }
        step();
    }
    return atLineEnd();
}

void LineLexer::step() {
    const Context& context = this->context();
    const auto list = context.listOf[size_t(Context::classOf(m_line[m_point.at].unicode()))];
    if (list == 0) {
        skipPlain(context);
        return;
    }
    if (m_still < kMostStill) {
        for (const Rule* rule : context.lists[list]) {
            if (rule->words ? tryWord(*rule) : tryRule(*rule)) {
                return;
            }
        }
    }
    const char16_t c = m_line[m_point.at].unicode();
    emitSpan(m_point.at, m_point.at + 1, context.kind);
    if (!isBlank(c)) {
        m_point.operand = c == u')' || c == u']' || context.owner->wordRest.contains(c);
        m_point.next = Kind::kPlain;
    }
    ++m_point.at;
    m_still = 0;
}

/// Everything up to where a rule may match.
void LineLexer::skipPlain(const Context& context) {
    const int start = m_point.at;
    int end = start;
    char16_t last = 0;
    while (end < m_limit) {
        const char16_t c = m_line[end].unicode();
        if (context.listOf[size_t(Context::classOf(c))] != 0) {
            break;
        }
        last = isBlank(c) ? last : c;
        ++end;
    }
    m_steps += end - start;
    emitSpan(start, end, context.kind);
    if (last != 0) {
        m_point.operand = last == u')' || last == u']' || context.owner->wordRest.contains(last);
        m_point.next = Kind::kPlain;
    }
    m_point.at = end;
    m_still = 0;
}

bool LineLexer::tryRule(const Rule& rule) {
    if (rule.whenOperand && *rule.whenOperand != m_point.operand) {
        return false;
    }
    Pattern::Match match;
    const bool found = rule.pattern.match(m_line.first(m_limit), m_point.at, m_stacks.at(m_point.stack).held, match);
    m_steps += match.steps + 1;
    if (!found) {
        return false;
    }
    if (match.end == m_point.at && rule.move == Move::kNone) {
        return false;
    }
    apply(rule, match);
    return true;
}

bool LineLexer::tryWord(const Rule& rule) {
    const Language& language = *rule.owner;
    int end = m_point.at + 1;
    while (end < m_limit && language.wordRest.contains(m_line[end].unicode())) {
        ++end;
    }
    m_steps += end - m_point.at;
    const QStringView word = m_line.mid(m_point.at, end - m_point.at);
    const Kind kind = kindOfWord(language, word, end);
    emitSpan(m_point.at, end, kind);
    m_point.operand = kind != Kind::kKeyword;
    m_point.at = end;
    m_still = 0;
    return true;
}

Kind LineLexer::kindOfWord(const Language& language, QStringView word, int end) {
    const int start = m_point.at;
    const Kind expected = std::exchange(m_point.next, Kind::kPlain);
    const bool member =
        language.members && start > 0 && m_line[start - 1] == u'.' && (start < 2 || m_line[start - 2] != u'.');
    if (const Word* known = member ? nullptr : language.words.find(word, language.ignoreCase)) {
        m_point.next = known->next;
        return known->kind;
    }
    if (expected != Kind::kPlain) {
        return expected;
    }
    const bool called = language.calls && end < m_limit && m_line[end] == u'(';
    if (language.capitalised || language.allCaps) {
        const bool lower = std::ranges::any_of(word, isLower);
        if (language.capitalised && isUpper(word.front()) && (lower || word.size() == 1)) {
            return *language.capitalised;
        }
        if (language.allCaps && !called && !lower && word.size() > 1 && std::ranges::any_of(word, isUpper)) {
            return *language.allCaps;
        }
    }
    return called ? Kind::kFunction : context().kind;
}

void LineLexer::apply(const Rule& rule, const Pattern::Match& match) {
    const Kind kind = rule.kind.value_or(context().kind);
    const int start = m_point.at;
    paint(rule, match, kind);
    const bool blank =
        std::ranges::all_of(m_line.mid(start, match.end - start), [](QChar c) { return isBlank(c.unicode()); });
    if (!blank) {
        m_point.next = Kind::kPlain;
        noteOperand(kind, match.end);
    }
    if (rule.operand) {
        m_point.operand = *rule.operand;
    }
    if (rule.next) {
        m_point.next = *rule.next;
    }
    m_continues = m_continues || rule.continues;
    m_point.at = match.end;
    m_still = match.end > start ? 0 : m_still + 1;
    move(rule, match);
}

void LineLexer::paint(const Rule& rule, const Pattern::Match& match, Kind kind) {
    int at = m_point.at;
    for (size_t i = 0; i < rule.groupKinds.size(); ++i) {
        const Pattern::Group group = match.groups[i + 1];
        if (group.start < at) {
            continue; // not taken, or inside one that was painted
        }
        emitSpan(at, group.start, kind);
        emitSpan(group.start, group.end, rule.groupKinds[i]);
        at = group.end;
    }
    emitSpan(at, match.end, kind);
}

void LineLexer::noteOperand(Kind kind, int end) {
    switch (kind) {
    case Kind::kComment:
        return;
    case Kind::kPlain: {
        const char16_t last = m_line[end - 1].unicode();
        m_point.operand = last == u')' || last == u']' || context().owner->wordRest.contains(last);
        return;
    }
    default:
        m_point.operand = kind != Kind::kKeyword;
    }
}

void LineLexer::move(const Rule& rule, const Pattern::Match& match) {
    QString held;
    if (rule.hold == Hold::kGroup) {
        const Pattern::Group group = match.groups[size_t(rule.holdGroup)];
        held = m_line.mid(std::max(0, group.start), group.start < 0 ? 0 : group.end - group.start).toString();
    } else if (rule.hold == Hold::kIndent) {
        const auto end = std::ranges::find_if_not(m_line, [](QChar c) { return isBlank(c.unicode()); });
        held = m_line.first(end - m_line.begin()).toString();
    }
    held.truncate(Stacks::kLongestHeld);
    switch (rule.move) {
    case Move::kNone:
        break;
    case Move::kPop:
        enter(m_stacks.popped(m_point.stack, rule.pops));
        break;
    case Move::kSwitch:
        m_point.stack = m_stacks.popped(m_point.stack, 1);
        [[fallthrough]];
    case Move::kPush: {
        const int below = m_point.stack;
        enter(m_stacks.pushed(below, *rule.target, held));
        if (rule.languageGroup > 0 && m_point.stack != below) {
            const Pattern::Group group = match.groups[size_t(rule.languageGroup)];
            const Language* language =
                group.start < 0 ? nullptr : m_library.find(m_line.mid(group.start, group.end - group.start).toString());
            if (language != nullptr) {
                m_point.stack = m_stacks.pushed(m_point.stack, *language->start, {});
            }
        }
        break;
    }
    }
    constexpr size_t kMostEntered = 8;
    if (rule.atLineEnd != nullptr && m_point.entered.size() < kMostEntered) {
        // Kept as a stack of its own: where it stands is known when the line ends.
        m_point.entered.push_back(m_stacks.pushed(0, *rule.atLineEnd, held));
    }
}

void LineLexer::enter(int stack) {
    const bool opens = m_stacks.at(stack).embedding == stack && m_stacks.at(stack).below == m_point.stack;
    m_point.stack = stack;
    if (opens) {
        Embedding embedding{.stack = stack};
        findEnd(embedding, m_limit);
        m_embeddings.push_back(embedding);
    }
}

/// The embedded texts that the line begins in. The outermost that ends in the line ends those inside it.
void LineLexer::openEmbeddings() {
    for (int stack = m_stacks.at(m_point.stack).embedding; stack >= 0;
         stack = m_stacks.at(m_stacks.at(stack).below).embedding) {
        m_embeddings.push_back({.stack = stack});
    }
    std::ranges::reverse(m_embeddings);
    for (Embedding& embedding : m_embeddings) {
        findEnd(embedding, m_limit);
    }
}

void LineLexer::findEnd(Embedding& embedding, int limit) {
    const Stacks::Stack& stack = m_stacks.at(embedding.stack);
    const Pattern& until = stack.top->until;
    embedding.end = until.find(m_line, m_point.at, limit, stack.held, m_steps);
    if (embedding.end >= 0) {
        m_limit = embedding.end;
    }
}

/// The outermost that ends here ends with all that is inside it. False: none does.
bool LineLexer::leaveEmbedding() {
    const auto left = std::ranges::find(m_embeddings, m_point.at, &Embedding::end);
    if (left == m_embeddings.end()) {
        return false;
    }
    const Stacks::Stack& ended = m_stacks.at(left->stack);
    if (Pattern::Match match; ended.top->untilKind && ended.top->until.match(m_line, m_point.at, ended.held, match)) {
        emitSpan(m_point.at, match.end, *ended.top->untilKind);
        m_point.at = match.end;
    }
    m_point.stack = ended.below;
    m_point.operand = false;
    m_embeddings.erase(left, m_embeddings.end());
    m_limit = int(m_line.size());
    for (const Embedding& embedding : m_embeddings) {
        if (embedding.end >= 0) {
            m_limit = embedding.end;
        }
    }
    return true;
}

int LineLexer::atLineEnd() {
    int stack = m_continues ? m_point.stack : m_stacks.at(m_point.stack).afterLine;
    for (auto entered = m_point.entered.rbegin(); entered != m_point.entered.rend(); ++entered) {
        const Stacks::Stack context = m_stacks.at(*entered);
        stack = m_stacks.pushed(stack, *context.top, context.held);
    }
    return stack;
}

void LineLexer::emitSpan(int start, int end, Kind kind) {
    if (m_spans == nullptr || end <= start || kind == Kind::kPlain) {
        return;
    }
    if (!m_spans->empty()) {
        Span& last = m_spans->back();
        if (last.kind == kind && last.start + last.length == start) {
            last.length += end - start;
            return;
        }
    }
    m_spans->push_back({start, end - start, kind});
}

} // namespace alcuin::ui::highlight

#pragma once

#include <QStringView>

#include <vector>

#include "highlight/library.h"
#include "highlight/stacks.h"

namespace alcuin::ui::highlight {

/// Where the lexer stood inside a line: it can go on from here as if it had come from the line's beginning.
struct LexPoint {
    int at = 0;
    int stack = 0;
    bool operand = false;
    Kind next = Kind::kPlain;
    std::vector<int> entered{}; ///< stacks to go into at the line's end, the last one on top
};

/// Lexes one line. Cost: each character is looked at a bounded number of times (see Pattern), whatever the text.
class LineLexer {
public:
    LineLexer(QStringView line, Stacks& stacks, Library& library);

    /// From `from` to the line's end; spans are appended to `spans`, points at tokens' edges, at least `kPointGap`
    /// characters apart, to `points`. Returns the stack that the next line begins with. A line that gets longer can be
    /// lexed again from a point that lies kSafe characters or more before its old end.
    int run(LexPoint from, std::vector<Span>* spans, std::vector<LexPoint>* points);

    /// What it took: characters and parts of patterns looked at.
    qint64 steps() const {
        return m_steps;
    }

    static constexpr int kPointGap = 2048;
    static constexpr int kSafe = 2 * Pattern::kReach;

private:
    /// An embedded text that is open, and where in this line it ends.
    struct Embedding {
        int stack = 0;
        int end = -1; ///< -1: not in this line
    };
    const Context& context() const {
        return *m_stacks.at(m_point.stack).top;
    }
    void step();
    void skipPlain(const Context& context);
    bool tryRule(const Rule& rule);
    bool tryWord(const Rule& rule);
    Kind kindOfWord(const Language& language, QStringView word, int end);
    void apply(const Rule& rule, const Pattern::Match& match);
    void paint(const Rule& rule, const Pattern::Match& match, Kind kind);
    void move(const Rule& rule, const Pattern::Match& match);
    void noteOperand(Kind kind, int end);
    void emitSpan(int start, int end, Kind kind);
    void enter(int stack);
    void openEmbeddings();
    void findEnd(Embedding& embedding, int limit);
    bool leaveEmbedding();
    int atLineEnd();

    QStringView m_line;
    Stacks& m_stacks;
    Library& m_library;
    std::vector<Span>* m_spans = nullptr;
    std::vector<Embedding> m_embeddings; ///< the outermost first
    LexPoint m_point;
    int m_limit = 0; ///< where the innermost text that is open ends
    int m_still = 0; ///< steps taken without getting on
    bool m_continues = false;
    qint64 m_steps = 0;
};

} // namespace alcuin::ui::highlight

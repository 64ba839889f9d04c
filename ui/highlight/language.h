#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "highlight/kind.h"
#include "highlight/pattern.h"

namespace alcuin::ui::highlight {

struct Context;
struct Language;

/// What a word that a language knows is, and what the word after it is.
struct Word {
    Kind kind = Kind::kPlain;
    Kind next = Kind::kPlain;
};

/// The words of a language, found without allocating.
class WordTable {
public:
    static constexpr int kLongest = 40;

    /// False when the word is there already.
    bool add(const QString& word, Word what, bool ignoreCase);
    const Word* find(QStringView word, bool ignoreCase) const;
    /// Builds the table; add() comes before, find() after.
    void finish();

private:
    static std::uint32_t hashOf(QStringView word, bool ignoreCase);
    struct Entry {
        QString text;
        Word what;
        std::uint32_t hash = 0;
    };
    std::vector<Entry> m_entries;
    QHash<QString, int> m_known;
    std::vector<std::uint16_t> m_slots; ///< of entries, counted from 1; a power of two of them
};

enum class Move : quint8 { kNone, kPush, kSwitch, kPop };
enum class Hold : quint8 { kKept, kGroup, kIndent };

/// One line of a context, see language_reader.h.
struct Rule {
    const Language* owner = nullptr;
    bool words = false; ///< any word, coloured by the owner's table
    Pattern pattern;
    std::optional<Kind> kind; ///< none: the context's
    std::vector<Kind> groupKinds;
    Move move = Move::kNone;
    int pops = 0;
    const Context* target = nullptr;
    const Context* atLineEnd = nullptr;
    Hold hold = Hold::kKept;
    int holdGroup = 0;
    int languageGroup = 0; ///< this group names the language that is embedded in the target
    std::optional<bool> whenOperand;
    std::optional<bool> operand;
    std::optional<Kind> next;
    bool continues = false;
};

/// A state of the lexer: what may come, and what else there is.
struct Context {
    QString name;
    const Language* owner = nullptr;
    Kind kind = Kind::kPlain;
    bool popsAtLineEnd = false;
    bool hasUntil = false;
    std::optional<Kind> untilKind; ///< none: what `until` matches belongs to the context below
    Pattern until;                 ///< where this is found, what is embedded here ends, whatever it is in
    std::vector<const Rule*> rules;
    /// For every ASCII character, and for letters and for the rest beyond: which list of rules may match there.
    static constexpr int kClasses = 130;
    std::array<std::uint8_t, kClasses> listOf{};
    std::vector<std::vector<const Rule*>> lists; ///< the first is empty

    static int classOf(char16_t c) {
        return c < 128 ? c : (QChar(c).isLetterOrNumber() || QChar(c).isMark() || QChar(c).isSurrogate()) ? 128 : 129;
    }
};

/// A language as its file describes it; contexts and rules stay where they are.
struct Language {
    QString id; ///< the file's name without its end
    QString name;
    QStringList aliases;
    QString extension; ///< without the dot
    QString fileName;  ///< where it has a name of its own, as Makefile
    bool hidden = false;
    bool ignoreCase = false;
    bool calls = false;
    bool members = false;
    std::optional<Kind> capitalised;
    std::optional<Kind> allCaps;
    CharSet wordFirst;
    CharSet wordRest;
    WordTable words;
    std::vector<std::unique_ptr<Rule>> rules;
    QHash<QString, Context*> contexts;
    std::vector<std::unique_ptr<Context>> ownedContexts;
    const Context* start = nullptr;
};

} // namespace alcuin::ui::highlight

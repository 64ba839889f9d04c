#include "highlight/language_reader.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <initializer_list>

namespace alcuin::ui::highlight {

namespace {

constexpr int kMostExtended = 4;
const QString kMain = QStringLiteral("main");

/// Thrown inside this file only, and caught in it.
struct Wrong {
    QString what;
};

[[noreturn]] void fail(const QString& what) {
    throw Wrong{what};
}

void checkKeys(const QJsonObject& object, std::initializer_list<const char*> known, const QString& where) {
    for (const QString& key : object.keys()) {
        if (std::ranges::none_of(known, [&](const char* name) { return key == QLatin1String(name); })) {
            fail(QStringLiteral("%1: the key \"%2\" means nothing").arg(where, key));
        }
    }
}

Kind kindOf(const QJsonValue& value, const QString& where) {
    const auto kind = kindNamed(value.toString());
    if (!kind) {
        fail(QStringLiteral("%1: \"%2\" is no kind").arg(where, value.toString()));
    }
    return *kind;
}

Pattern patternOf(const QJsonValue& value, bool ignoreCase, const QString& where) {
    if (value.toString().isEmpty()) {
        fail(QStringLiteral("%1: a pattern is missing").arg(where));
    }
    auto pattern = Pattern::compile(value.toString(), ignoreCase);
    if (!pattern) {
        fail(QStringLiteral("%1: %2").arg(where, pattern.error()));
    }
    return *std::move(pattern);
}

/// Words in a text, or in several.
QStringList listOf(const QJsonValue& value) {
    QStringList words = value.toString().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const auto& line : value.toArray()) {
        words += line.toString().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    return words;
}

CharSet setOf(const QJsonValue& value, const QString& where) {
    const Pattern pattern = patternOf(value, false, where);
    if (pattern.mayBeEmpty()) {
        fail(QStringLiteral("%1: a set is wanted").arg(where));
    }
    return pattern.first();
}

/// `words` of two languages: a word the derived one names anew is only there.
QJsonObject mergedWords(QJsonObject base, const QJsonObject& derived) {
    QSet<QString> again;
    for (const auto& words : derived) {
        const QStringList list = listOf(words);
        again.unite(QSet<QString>(list.begin(), list.end()));
    }
    for (const QString& kind : base.keys()) {
        QStringList kept = listOf(base.value(kind));
        kept.removeIf([&](const QString& word) { return again.contains(word); });
        base.insert(kind, kept.join(QLatin1Char(' ')));
    }
    for (const QString& kind : derived.keys()) {
        base.insert(kind, (listOf(base.value(kind)) + listOf(derived.value(kind))).join(QLatin1Char(' ')));
    }
    return base;
}

QJsonObject merged(const QString& baseId, QJsonObject base, const QJsonObject& derived) {
    base.remove(QStringLiteral("hidden"));
    for (const QString& key : derived.keys()) {
        const QJsonValue value = derived.value(key);
        if (key == QLatin1String("words") || key == QLatin1String("next")) {
            base.insert(key, mergedWords(base.value(key).toObject(), value.toObject()));
        } else if (key == QLatin1String("contexts")) {
            QJsonObject contexts = base.value(key).toObject();
            const QJsonObject own = value.toObject();
            for (const QString& name : own.keys()) {
                if (contexts.contains(name)) {
                    contexts.insert(baseId + QLatin1Char('.') + name, contexts.value(name));
                }
                contexts.insert(name, own.value(name));
            }
            base.insert(key, contexts);
        } else {
            base.insert(key, value);
        }
    }
    return base;
}

} // namespace

namespace {

class Builder {
public:
    Builder(const QString& id, const LanguageReader::Find& find, const LanguageReader::Source& source)
        : m_language(std::make_unique<Language>()), m_find(find), m_source(source) {
        m_language->id = id;
    }

    std::unique_ptr<Language> build(QJsonObject object) {
        for (int depth = 0; object.contains(QStringLiteral("extends")); ++depth) {
            const QString base = object.take(QStringLiteral("extends")).toString();
            const QJsonObject source = m_source(base);
            if (source.isEmpty() || depth == kMostExtended) {
                fail(QStringLiteral("%1 extends %2, which isn't there").arg(m_language->id, base));
            }
            object = merged(base, source, object);
        }
        checkKeys(object,
                  {"name", "aliases", "extension", "file", "hidden", "ignoreCase", "word", "words", "next", "calls",
                   "members", "capitalised", "allCaps", "contexts"},
                  m_language->id);
        head(object);
        words(object);
        contexts(object.value(QStringLiteral("contexts")).toObject());
        return std::move(m_language);
    }

private:
    void head(const QJsonObject& object) {
        Language& l = *m_language;
        l.name = object.value(QStringLiteral("name")).toString();
        for (const auto& alias : object.value(QStringLiteral("aliases")).toArray()) {
            l.aliases += alias.toString();
        }
        l.extension = object.value(QStringLiteral("extension")).toString();
        l.fileName = object.value(QStringLiteral("file")).toString();
        l.hidden = object.value(QStringLiteral("hidden")).toBool();
        if (!l.hidden && (l.name.isEmpty() || l.aliases.isEmpty() || l.extension.isEmpty() == l.fileName.isEmpty())) {
            fail(QStringLiteral("%1: a name, aliases and either an extension or a file's name are wanted").arg(l.id));
        }
        l.ignoreCase = object.value(QStringLiteral("ignoreCase")).toBool();
        l.calls = object.value(QStringLiteral("calls")).toBool();
        l.members = object.value(QStringLiteral("members")).toBool();
        if (object.contains(QStringLiteral("capitalised"))) {
            l.capitalised = kindOf(object.value(QStringLiteral("capitalised")), l.id);
        }
        if (object.contains(QStringLiteral("allCaps"))) {
            l.allCaps = kindOf(object.value(QStringLiteral("allCaps")), l.id);
        }
        const QJsonArray word = object.value(QStringLiteral("word")).toArray();
        l.wordFirst = setOf(word.isEmpty() ? QJsonValue(QStringLiteral("[A-Za-z_]")) : word.at(0), l.id);
        l.wordFirst.letters = true;
        l.wordRest = setOf(word.isEmpty() ? QJsonValue(QStringLiteral("\\w")) : word.at(1), l.id);
        l.wordRest.letters = true;
    }

    void words(const QJsonObject& object) {
        Language& l = *m_language;
        QHash<QString, Word> all;
        const QJsonObject byKind = object.value(QStringLiteral("words")).toObject();
        for (const QString& name : byKind.keys()) {
            const Kind kind = kindOf(name, l.id);
            for (const QString& word : listOf(byKind.value(name))) {
                if (all.contains(word)) {
                    fail(QStringLiteral("%1: the word \"%2\" is there twice").arg(l.id, word));
                }
                all.insert(word, {kind, Kind::kPlain});
            }
        }
        const QJsonObject byNext = object.value(QStringLiteral("next")).toObject();
        for (const QString& name : byNext.keys()) {
            const Kind kind = kindOf(name, l.id);
            for (const QString& word : listOf(byNext.value(name))) {
                if (!all.contains(word)) {
                    fail(QStringLiteral("%1: \"%2\" in next is none of the words").arg(l.id, word));
                }
                all[word].next = kind;
            }
        }
        for (auto word = all.cbegin(); word != all.cend(); ++word) {
            if (!l.words.add(word.key(), word.value(), l.ignoreCase)) {
                fail(QStringLiteral("%1: the word \"%2\" is too long or there twice").arg(l.id, word.key()));
            }
        }
        l.words.finish();
    }

    void contexts(const QJsonObject& object) {
        for (const QString& name : object.keys()) {
            auto context = std::make_unique<Context>();
            context->name = name;
            context->owner = m_language.get();
            m_language->contexts.insert(name, context.get());
            m_language->ownedContexts.push_back(std::move(context));
        }
        for (const QString& name : object.keys()) {
            const QJsonValue value = object.value(name);
            m_sources.insert(name, value.isArray() ? QJsonObject{{QStringLiteral("rules"), value}} : value.toObject());
        }
        for (const QString& name : object.keys()) {
            context(name);
        }
        for (const auto& owned : m_language->ownedContexts) {
            index(*owned);
        }
        m_language->start = m_language->contexts.value(kMain);
        if (m_language->start == nullptr && !m_language->hidden) {
            fail(QStringLiteral("%1 has no context main").arg(m_language->id));
        }
    }

    /// Reads a context's rules unless they were; includes need those of others first.
    void context(const QString& name) {
        if (m_read.contains(name)) {
            return;
        }
        const QString where = m_language->id + QLatin1Char(':') + name;
        if (m_reading.contains(name)) {
            fail(QStringLiteral("%1 includes itself").arg(where));
        }
        m_reading.insert(name);
        const QJsonObject source = m_sources.value(name);
        checkKeys(source, {"rules", "token", "lineEnd", "until", "ends", "embed"}, where);
        Context& context = *m_language->contexts.value(name);
        if (source.contains(QStringLiteral("token"))) {
            context.kind = kindOf(source.value(QStringLiteral("token")), where);
        }
        if (source.contains(QStringLiteral("lineEnd"))) {
            context.popsAtLineEnd = source.value(QStringLiteral("lineEnd")).toString() == QLatin1String("pop");
            if (!context.popsAtLineEnd) {
                fail(QStringLiteral("%1: lineEnd can only be pop").arg(where));
            }
        }
        if (source.contains(QStringLiteral("until"))) {
            context.until = patternOf(source.value(QStringLiteral("until")), m_language->ignoreCase, where);
            context.hasUntil = true;
            if (source.contains(QStringLiteral("ends"))) {
                context.untilKind = kindOf(source.value(QStringLiteral("ends")), where);
            }
        }
        int number = 0;
        for (const auto& rule : source.value(QStringLiteral("rules")).toArray()) {
            this->rule(context, rule.toObject(), QStringLiteral("%1, rule %2").arg(where).arg(++number));
        }
        if (source.contains(QStringLiteral("embed"))) {
            const QString embedded = source.value(QStringLiteral("embed")).toString();
            include(context, embedded + QLatin1Char(':') + kMain, where);
        }
        m_reading.remove(name);
        m_read.insert(name);
    }

    /// "context" or "language:context"; of this language it may not have been read yet.
    Context* target(const QString& name, const QString& where) {
        const qsizetype colon = name.indexOf(QLatin1Char(':'));
        Context* found = nullptr;
        if (colon < 0) {
            found = m_language->contexts.value(name);
        } else if (const Language* other = m_find(name.left(colon))) {
            found = other->contexts.value(name.mid(colon + 1));
        }
        if (found == nullptr) {
            fail(QStringLiteral("%1: there is no context \"%2\"").arg(where, name));
        }
        return found;
    }

    void include(Context& context, const QString& name, const QString& where) {
        const Context* other = target(name, where);
        if (other->owner == m_language.get()) {
            this->context(name);
        }
        context.rules.insert(context.rules.end(), other->rules.begin(), other->rules.end());
    }

    void rule(Context& context, const QJsonObject& source, const QString& where) {
        if (source.contains(QStringLiteral("include"))) {
            checkKeys(source, {"include"}, where);
            include(context, source.value(QStringLiteral("include")).toString(), where);
            return;
        }
        checkKeys(source,
                  {"match", "words", "token", "tokens", "push", "switch", "pop", "atLineEnd", "hold", "language",
                   "when", "operand", "next", "continues"},
                  where);
        auto rule = std::make_unique<Rule>();
        rule->owner = m_language.get();
        rule->words = source.value(QStringLiteral("words")).toBool();
        if (rule->words && source.size() > 1) {
            fail(QStringLiteral("%1: words stands alone").arg(where));
        }
        if (!rule->words) {
            rule->pattern = patternOf(source.value(QStringLiteral("match")), m_language->ignoreCase, where);
            kinds(*rule, source, where);
            moves(*rule, source, where);
            conditions(*rule, source, where);
        }
        context.rules.push_back(rule.get());
        m_language->rules.push_back(std::move(rule));
    }

    void kinds(Rule& rule, const QJsonObject& source, const QString& where) {
        if (source.contains(QStringLiteral("token"))) {
            rule.kind = kindOf(source.value(QStringLiteral("token")), where);
        }
        for (const auto& kind : source.value(QStringLiteral("tokens")).toArray()) {
            rule.groupKinds.push_back(kindOf(kind, where));
        }
        if (!rule.groupKinds.empty() && int(rule.groupKinds.size()) != rule.pattern.groupCount()) {
            fail(QStringLiteral("%1: as many tokens as groups are wanted").arg(where));
        }
    }

    void moves(Rule& rule, const QJsonObject& source, const QString& where) {
        const QJsonValue push = source.value(QStringLiteral("push"));
        const QJsonValue change = source.value(QStringLiteral("switch"));
        const QJsonValue pop = source.value(QStringLiteral("pop"));
        if (int(push.isString()) + int(change.isString()) + int(!pop.isUndefined()) > 1) {
            fail(QStringLiteral("%1: one of push, switch and pop").arg(where));
        }
        if (push.isString() || change.isString()) {
            rule.move = push.isString() ? Move::kPush : Move::kSwitch;
            rule.target = target(push.isString() ? push.toString() : change.toString(), where);
        } else if (!pop.isUndefined()) {
            rule.move = Move::kPop;
            rule.pops = pop.isBool() ? int(pop.toBool()) : pop.toInt();
            if (rule.pops < 1) {
                fail(QStringLiteral("%1: pop true, or a number").arg(where));
            }
        }
        if (source.contains(QStringLiteral("atLineEnd"))) {
            rule.atLineEnd = target(source.value(QStringLiteral("atLineEnd")).toString(), where);
        }
        const QJsonValue hold = source.value(QStringLiteral("hold"));
        if (hold.isString()) {
            rule.hold = Hold::kIndent;
            if (hold.toString() != QLatin1String("indent")) {
                fail(QStringLiteral("%1: hold a group, or \"indent\"").arg(where));
            }
        } else if (!hold.isUndefined()) {
            rule.hold = Hold::kGroup;
            rule.holdGroup = group(rule, hold, where);
        }
        if (const QJsonValue language = source.value(QStringLiteral("language")); !language.isUndefined()) {
            rule.languageGroup = group(rule, language, where);
        }
        if (rule.pattern.mayBeEmpty() && rule.move == Move::kNone) {
            fail(QStringLiteral("%1: matches nothing and goes nowhere").arg(where));
        }
    }

    static int group(const Rule& rule, const QJsonValue& value, const QString& where) {
        const int group = value.toInt();
        if (group < 1 || group > rule.pattern.groupCount()) {
            fail(QStringLiteral("%1: the pattern has no such group").arg(where));
        }
        return group;
    }

    void conditions(Rule& rule, const QJsonObject& source, const QString& where) {
        if (const QJsonValue when = source.value(QStringLiteral("when")); !when.isUndefined()) {
            rule.whenOperand = when.toString() == QLatin1String("operand");
            if (!*rule.whenOperand && when.toString() != QLatin1String("no operand")) {
                fail(QStringLiteral("%1: when is \"operand\" or \"no operand\"").arg(where));
            }
        }
        if (const QJsonValue operand = source.value(QStringLiteral("operand")); !operand.isUndefined()) {
            rule.operand = operand.toBool();
        }
        if (source.contains(QStringLiteral("next"))) {
            rule.next = kindOf(source.value(QStringLiteral("next")), where);
        }
        rule.continues = source.value(QStringLiteral("continues")).toBool();
    }

    static bool mayBegin(const Rule& rule, int characters) {
        const CharSet& set = rule.words ? rule.owner->wordFirst : rule.pattern.first();
        return characters == 128 ? set.letters : characters == 129 ? set.rest : set.contains(char16_t(characters));
    }

    static void index(Context& context) {
        context.lists.assign(1, {});
        for (int characters = 0; characters < Context::kClasses; ++characters) {
            std::vector<const Rule*> rules;
            for (const Rule* rule : context.rules) {
                if (mayBegin(*rule, characters)) {
                    rules.push_back(rule);
                }
            }
            const auto found = std::ranges::find(context.lists, rules);
            context.listOf[size_t(characters)] = std::uint8_t(found - context.lists.begin());
            if (found == context.lists.end()) {
                context.lists.push_back(std::move(rules));
            }
        }
    }

    std::unique_ptr<Language> m_language;
    const LanguageReader::Find& m_find;
    const LanguageReader::Source& m_source;
    QHash<QString, QJsonObject> m_sources;
    QSet<QString> m_reading;
    QSet<QString> m_read;
};

} // namespace

tl::expected<std::unique_ptr<Language>, QString> LanguageReader::read(const QString& id, const QJsonObject& object,
                                                                      const Find& find, const Source& source) {
    try {
        return Builder(id, find, source).build(object);
    } catch (const Wrong& wrong) {
        return tl::unexpected(wrong.what);
    }
}

} // namespace alcuin::ui::highlight

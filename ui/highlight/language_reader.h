#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <functional>
#include <memory>
#include <tl/expected.hpp>

#include "highlight/language.h"

namespace alcuin::ui::highlight {

/// # A language in a file
///
/// Each file of resources/languages describes one language as a JSON object. The text is read line by line; at each
/// place the rules of the context on top of a stack are tried in their order, and what the first that matches covers
/// takes its kind. What none matches takes the context's kind. All names must be known: a key that isn't listed here,
/// a context that isn't there, a word given twice is an error, and tests load every file.
///
/// ## The language
///
///     name         as it is written in prose: "C++"
///     aliases      what a fence may call it, in small letters; the first is the usual one
///     extension    of a file that is saved, without the dot; or
///     file         the whole name that such a file always has: "Makefile"
///     extends      another file: its words and contexts are there too; a context of the same name takes the place of
///                  its own, which is then called "<file>.<name>"; of words given again the new meaning counts
///     hidden       true: only for others to include; no name, no aliases
///     ignoreCase   for words and patterns
///     word         two sets of the pattern language: how a word begins, how it goes on (default [A-Za-z_] with all
///                  letters beyond ASCII, and \w)
///     words        kind -> words, separated by blanks, in one text or a list of them
///     next         kind -> words after which the next word is of that kind: {"function": "def"}
///     calls        true: an unknown word directly before ( is a function
///     members      true: a word after a single . is never one of `words`
///     capitalised  the kind of unknown words that begin with a capital and aren't all capitals
///     allCaps      the kind of unknown words in capitals, two letters at least
///     contexts     name -> context; "main" is where a text begins
///
/// ## A context: a list of rules, or an object
///
///     rules      the list
///     token      the kind of what no rule matches (default plain)
///     lineEnd    "pop": at a line's end this context and all above it are left
///     until      a pattern: where it is found in a line, everything above this context and itself ends, whatever is
///                open there: how </script> ends a script. What it matches belongs to the context below
///     ends       the kind of what `until` matches; it then belongs to neither
///     embed      a language whose text stands here
///
/// ## A rule
///
///     match      a pattern (pattern.h), or
///     words      true: any word of the language, see above; or
///     include    the rules of another context, "context" or "language:context"
///
///     token      the kind of what is matched (default: the context's)
///     tokens     the kinds of the pattern's groups, in their order; what is between them is `token`
///     push, switch   goes into that context (switch: in the place of this one), "context" or "language:context"
///     pop        true, or how many contexts to leave
///     atLineEnd  a context to go into when the line ends: what a heredoc does
///     hold       a group's number: the context that is entered holds its text, for \1 in its patterns; "indent": the
///                blanks that the line begins with
///     language   a group's number: it names the language embedded in the context that is entered
///     when       "operand" or "no operand": only after something that ends an operand (a word, number, string, ) or
///                ]), or not: a / after an operand divides, elsewhere it begins a regular expression
///     operand    true or false: this does or doesn't end an operand (default: by its kind)
///     next       the kind of the next word
///     continues  true: the line's end leaves no context
///
/// A pattern that may match nothing must go somewhere, so that every step gets on.
///
/// Kinds: see kind.h.
class LanguageReader {
public:
    /// Another language's description, or nothing.
    using Find = std::function<const Language*(const QString& id)>;
    using Source = std::function<QJsonObject(const QString& id)>;

    /// `object` is what stands in the file `id`; `find` gives the languages it includes, `source` those it extends.
    /// Errors: one sentence that says where and what.
    static tl::expected<std::unique_ptr<Language>, QString> read(const QString& id, const QJsonObject& object,
                                                                 const Find& find, const Source& source);
};

} // namespace alcuin::ui::highlight

#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chat/jinja/operators.h"
#include "chat/jinja/values.h"

namespace alcuin::inference::chat::jinja {

/// A variable's name, interned: an index into Program::names.
using NameId = std::uint32_t;

enum class ExpressionKind : std::uint8_t {
    kConstant,
    kName,
    kList,
    kTuple,
    kDict, ///< parts: key, value, key, value ...
    kNot,
    kNegate,
    kPositive,
    kBinary,
    kConcat,
    kCompare, ///< parts: one more than operators
    kAnd,
    kOr,
    kConditional, ///< parts: condition, value, otherwise (null: none written)
    kAttribute,   ///< parts: object; text: name
    kItem,        ///< parts: object, index
    kSlice,       ///< parts: start, stop, step, each may be null
    kCall,        ///< parts: callee, arguments ...
    kFilter,      ///< parts: input (null: the body of a block), arguments ...; text: name
    kTest,        ///< parts: input, arguments ...; text: name
};

struct Expression {
    ExpressionKind kind = ExpressionKind::kConstant;
    int line = 0;
    NameId name = 0;
    Value constant;
    std::string text;
    std::vector<const Expression*> parts;
    std::vector<Operator> operators;
    std::vector<std::pair<std::string, const Expression*>> named;
    const Expression* morePositional = nullptr; ///< *args
    const Expression* moreNamed = nullptr;      ///< **kwargs
    Function::Call builtin = nullptr;           ///< of a filter or test; null: there is none of this name
    std::size_t height = 1;
};

/// What an assignment writes to.
struct Target {
    enum class Kind : std::uint8_t { kName, kTuple, kNamespace };
    Kind kind = Kind::kName;
    int line = 0;
    NameId name = 0;
    std::string attribute;
    std::vector<Target> parts;
};

struct Statement;
using Body = std::vector<const Statement*>;

/// A macro's signature and body; the body of a call block is one too.
struct MacroDefinition {
    std::string name;
    std::vector<std::string> parameterNames;
    std::vector<NameId> parameters;
    std::vector<const Expression*> defaults; ///< of the last parameters
    Body body;
    bool usesCaller = false;
    bool usesVarargs = false;
    bool usesKwargs = false;
};

enum class StatementKind : std::uint8_t {
    kText,
    kPrint,
    kIf,
    kFor,
    kSet,
    kSetBlock,
    kMacro,
    kCallBlock,
    kFilterBlock,
    kWith,
    kScope,
    kBreak,
    kContinue,
};

struct Statement {
    StatementKind kind = StatementKind::kText;
    int line = 0;
    TextPtr text;
    /// kPrint: what to print. kIf: conditions. kFor: iterable, condition (null: none). kSet: value. kSetBlock and
    /// kFilterBlock: filter (null: none). kCallBlock: the call. kWith: values.
    std::vector<const Expression*> expressions;
    std::vector<Target> targets;
    /// kIf: one per condition and one for else. kFor: body and else. Others: one.
    std::vector<Body> bodies;
    std::unique_ptr<MacroDefinition> macro;
    NameId name = 0; ///< kMacro: the variable it is assigned to
    bool recursive = false;
};

/// A parsed template. Owns every node; nodes point to one another.
struct Program {
    std::vector<std::unique_ptr<Expression>> expressions;
    std::vector<std::unique_ptr<Statement>> statements;
    std::vector<std::string> names;
    std::set<std::string, std::less<>> loaded; ///< names that some expression reads
    Body body;
};

} // namespace alcuin::inference::chat::jinja

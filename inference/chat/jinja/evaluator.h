#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "chat/jinja/ast.h"
#include "chat/jinja/loop.h"
#include "chat/jinja/macro.h"

namespace alcuin::inference::chat::jinja {

/// Runs a program once. Throws Failure; line() is then where it was. Threads: one.
/// Statements are in evaluator.cpp, expressions in evaluate.cpp, macros in call.cpp, attributes in attributes.cpp.
class Evaluator {
public:
    using Globals = std::vector<std::pair<std::string, Value>>;

    Evaluator(const Program& program, Budget& budget, const Clock& clock, const Globals& globals);
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;
    /// Empties namespaces and kept scopes, so that no cycle outlives the rendering.
    ~Evaluator();

    void render(TextBuilder& output);
    int line() const {
        return line_;
    }

    Budget& budget() {
        return budget_;
    }
    const Clock& clock() const {
        return clock_;
    }
    Value call(const Value& callee, const Arguments& arguments);
    /// object.name as the sandbox gives it.
    Value attribute(const Value& object, std::string_view name);
    /// The attribute alone, without falling back to the item of that name.
    Value plainAttribute(const Value& object, std::string_view name);
    /// object[index] as the sandbox gives it.
    Value item(const Value& object, const Value& index);
    Value filter(const Value& name, const Value& input, const Arguments& arguments);
    bool test(const Value& name, const Value& input, const Arguments& arguments);
    Value makeNamespace(const Arguments& arguments);

private:
    enum class Flow : std::uint8_t { kNext, kBreak, kContinue };
    class InScope;
    class InFrame;

    Flow run(const Body& body, TextBuilder& output);
    Flow run(const Statement& statement, TextBuilder& output);
    Flow runIf(const Statement& statement, TextBuilder& output);
    Flow runFor(const Statement& statement, TextBuilder& output);
    Flow runLoop(const Statement& statement, const Value& iterable, std::size_t depth, TextBuilder& output);
    Flow runSetBlock(const Statement& statement, TextBuilder& output);
    Flow runFilterBlock(const Statement& statement, TextBuilder& output);
    Flow runWith(const Statement& statement, TextBuilder& output);
    void runCallBlock(const Statement& statement, TextBuilder& output);
    std::vector<Value> selected(const Statement& statement, const Value& iterable);
    void assign(const Target& target, const Value& value);
    void assign(const Target& target, const Value& value, Scope& scope);

    Value evaluate(const Expression& expression);
    Value evaluateName(const Expression& expression);
    Value evaluateArray(const Expression& expression);
    Value evaluateDict(const Expression& expression);
    Value evaluateConcat(const Expression& expression);
    Value evaluateCompare(const Expression& expression);
    Value evaluateLogic(const Expression& expression);
    Value evaluateConditional(const Expression& expression);
    Value evaluateBinary(const Expression& expression);
    Value evaluateItem(const Expression& expression);
    Value evaluateSlice(const Value& object, const Expression& slice);
    Value evaluateCall(const Expression& expression, const Value* caller);
    Value evaluateFilter(const Expression& expression, const Value* body);
    Value evaluateTest(const Expression& expression);
    Arguments evaluateArguments(const Expression& expression);

    Value makeMacro(const MacroDefinition& definition);
    Value callMacro(const Macro& macro, const Arguments& arguments);
    Value callLoop(const Loop& loop, const Arguments& arguments);
    Value loopAttribute(const Value& object, std::string_view name);
    Value macroAttribute(const Value& object, std::string_view name);
    Value missing(const Value& object, const Value& name);
    std::shared_ptr<Scope> newScope(std::shared_ptr<Scope> parent);
    void keep(std::shared_ptr<Scope> scope);
    NameId idOf(std::string_view name) const;

    const Program& program_;
    Budget& budget_;
    const Clock& clock_;
    std::vector<Value> globals_; ///< by NameId
    std::vector<bool> hasGlobal_;
    std::shared_ptr<Scope> scope_;
    std::vector<std::shared_ptr<Scope>> kept_;
    std::vector<std::shared_ptr<Namespace>> namespaces_;
    std::size_t frames_ = 0;
    int line_ = 0;
};

/// Fills `globals` with the functions every template has: range, dict, namespace, cycler, joiner, raise_exception,
/// strftime_now.
void addBuiltins(Evaluator::Globals& globals);

Function::Call findFilter(std::string_view name);
/// A filter of Jinja that chat templates can't have here.
bool isRefusedFilter(std::string_view name);
Function::Call findTest(std::string_view name);
/// Methods of strings, lists, tuples, dicts and ranges; null if there is none.
Function::Call findMethod(const Value& object, std::string_view name);
/// Methods that would change their object: the sandbox has them, but refuses to call them.
bool isRefusedMethod(const Value& object, std::string_view name);

} // namespace alcuin::inference::chat::jinja

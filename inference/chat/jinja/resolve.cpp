#include <fmt/format.h>

#include "chat/jinja/evaluator.h"
#include "chat/jinja/parser.h"

namespace alcuin::inference::chat::jinja {

namespace {

class Resolver {
public:
    explicit Resolver(Program& program) {
        for (const auto& expression : program.expressions) {
            look(*expression);
        }
        check(program.body, false);
    }

private:
    /// Finds the function of a filter or test; check() judges where there is none.
    static void look(Expression& expression) {
        if (expression.kind == ExpressionKind::kFilter) {
            if (isRefusedFilter(expression.text)) {
                throw Failure{fmt::format("the filter '{}' isn't supported", expression.text), expression.line};
            }
            expression.builtin = findFilter(expression.text);
        } else if (expression.kind == ExpressionKind::kTest) {
            expression.builtin = findTest(expression.text);
        }
    }

    void check(const Expression* expression, bool isConditional) const {
        if (expression == nullptr) {
            return;
        }
        const bool isFilter = expression->kind == ExpressionKind::kFilter;
        if ((isFilter || expression->kind == ExpressionKind::kTest) && expression->builtin == nullptr &&
            !isConditional) {
            throw Failure{fmt::format("there is no {} '{}'", isFilter ? "filter" : "test", expression->text),
                          expression->line};
        }
        const bool below = isConditional || expression->kind == ExpressionKind::kConditional;
        for (std::size_t i = 0; i < expression->parts.size(); ++i) {
            const Expression* part = expression->parts[i];
            const bool isIndex = expression->kind == ExpressionKind::kItem && i == 1;
            if (part != nullptr && part->kind == ExpressionKind::kSlice && !isIndex) {
                throw Failure{"a slice among several indices isn't supported", part->line};
            }
            check(part, below);
        }
        for (const auto& [name, value] : expression->named) {
            check(value, below);
        }
        check(expression->morePositional, below);
        check(expression->moreNamed, below);
    }

    void check(const Body& body, bool isConditional) const {
        for (const Statement* statement : body) {
            const bool isIf = statement->kind == StatementKind::kIf;
            for (const Expression* expression : statement->expressions) {
                check(expression, isConditional || isIf);
            }
            if (statement->macro) {
                for (const Expression* value : statement->macro->defaults) {
                    check(value, false);
                }
                check(statement->macro->body, false);
            }
            for (const Body& inner : statement->bodies) {
                check(inner, isIf);
            }
        }
    }
};

} // namespace

void resolve(Program& program) {
    const Resolver resolver(program);
}

} // namespace alcuin::inference::chat::jinja

#include "highlight/stacks.h"

namespace alcuin::ui::highlight {

Stacks::Stacks(const Context& start) {
    m_stacks.push_back({.top = &start});
}

int Stacks::pushed(int stack, const Context& context, const QString& held) {
    if (at(stack).depth >= kDeepest || (context.hasUntil && at(stack).embedded >= kMostEmbedded)) {
        return stack;
    }
    const Key key{stack, &context, held};
    if (const auto known = m_known.constFind(key); known != m_known.cend()) {
        return *known;
    }
    const int index = int(m_stacks.size());
    const Stack& below = at(stack);
    Stack made{.below = stack,
               .top = &context,
               .held = held,
               .depth = below.depth + 1,
               .embedding = context.hasUntil ? index : below.embedding,
               .embedded = below.embedded + int(context.hasUntil),
               .afterLine = index};
    if (context.popsAtLineEnd || below.afterLine != stack) {
        made.afterLine = below.afterLine;
    }
    m_stacks.push_back(std::move(made));
    m_known.insert(key, index);
    return index;
}

int Stacks::popped(int stack, int count) const {
    for (; count > 0 && at(stack).below >= 0 && at(stack).embedding != stack; --count) {
        stack = at(stack).below;
    }
    return stack;
}

} // namespace alcuin::ui::highlight

#pragma once

#include <QHash>
#include <QString>

#include <vector>

#include "highlight/language.h"

namespace alcuin::ui::highlight {

/// The stacks of contexts that a text has led to, each once, so that a line's state is one number. A stack knows the
/// one below it.
class Stacks {
public:
    static constexpr int kDeepest = 100;    ///< more is not entered
    static constexpr int kMostEmbedded = 4; ///< languages inside each other
    static constexpr int kLongestHeld = 64; ///< characters

    struct Stack {
        int below = -1;
        const Context* top = nullptr;
        QString held{};
        int depth = 0;
        int embedding = -1; ///< the nearest stack at or below this whose top has an `until`
        int embedded = 0;   ///< how many of them there are
        int afterLine = 0;  ///< what is left of it when a line ends
    };

    explicit Stacks(const Context& start);

    const Stack& at(int stack) const {
        return m_stacks[size_t(stack)];
    }
    /// The same stack where it would be too deep.
    int pushed(int stack, const Context& context, const QString& held);
    /// Never below what an `until` ends, nor below the start.
    int popped(int stack, int count) const;

private:
    struct Key {
        int below;
        const Context* top;
        QString held{};

        bool operator==(const Key&) const = default;
        friend size_t qHash(const Key& key, size_t seed) {
            return qHashMulti(seed, key.below, key.top, key.held);
        }
    };
    std::vector<Stack> m_stacks;
    QHash<Key, int> m_known;
};

} // namespace alcuin::ui::highlight

#pragma once

#include "chat/markdown/block.h"

namespace alcuin::ui::markdown {

/// The commands that a block's formulas define (\newcommand and its like), as they were written; empty for most.
QString mathDefinitions(const Block& block);

/// Those of a whole message: any of its formulas may use them, wherever it stands.
class MathDefinitions {
public:
    /// The first `unchanged` blocks are those of the last call. True if what is defined isn't what it was.
    bool update(const Blocks& blocks, int unchanged);
    const QString& text() const {
        return m_text;
    }

private:
    static constexpr qsizetype kMost = 4000; ///< characters; what comes after stands for itself alone
    struct Defined {
        int block = 0;
        QString text;
    };
    QList<Defined> m_defined;
    QString m_text;
};

} // namespace alcuin::ui::markdown

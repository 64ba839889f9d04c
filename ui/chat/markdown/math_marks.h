#pragma once

#include <QByteArray>
#include <QStringList>

namespace alcuin::ui::markdown {

/// A formula as it stands in the source, with its signs.
struct MathSource {
    QString tex;
    bool display = false; ///< stands on a line of its own
    bool closed = false;  ///< its end has come

    /// Without the signs around it; an environment keeps its \begin and \end.
    static MathSource of(const QString& source);
    QString inside() const;
};

/// Formulas for a parser that knows none: $x$, \(x\), $$x$$, \[x\], the environments of amsmath and \boxed{x}. Each
/// becomes a mark of a number between characters that no text holds (U+FDD4, U+FDD5), so that the parser sees no
/// emphasis, tables or lists in it; restored() gives back what turned out to stand in code or in an address. A formula
/// lies within a paragraph. A dollar sign begins one only where what follows looks like one: prices, variables of a
/// shell and words between two dollar signs stay text.
class MathMarks {
public:
    /// The source with its marks; the source itself when it has none.
    QByteArray rewrite(QByteArrayView utf8);

    bool isEmpty() const {
        return m_formulas.isEmpty();
    }
    /// The text as it was before rewrite().
    QString restored(const QString& text) const;

    struct Piece {
        QString text;
        bool isFormula = false;
    };
    QList<Piece> pieces(const QString& text) const;

private:
    int markAt(const QString& text, qsizetype at, qsizetype& end) const;

    QStringList m_formulas;
};

} // namespace alcuin::ui::markdown

#pragma once

#include <map>
#include <vector>

#include "chat/layout/box.h"
#include "highlight/highlighter.h"
#include "highlight/library.h"
#include "theme/icons.h"

class QTextLayout;

namespace alcuin::ui {

/// Code in its language's colours, with a header that names it, copies and saves the code. Lines are never wrapped;
/// what is wider scrolls sideways. Its height follows from the number of lines; only lines in view are shaped, and of
/// very long ones only the pieces in view. Always left to right; the header follows the window's direction.
class CodeBox : public Box {
public:
    CodeBox(const markdown::Block& block, const Look& look, Place place);
    ~CodeBox() override;

    bool become(const markdown::Block& block) override;
    double layout(double width) override;
    void paint(QPainter& painter, QPointF at, const BoxPaint& paint) override;
    int offsetAt(QPointF point) const override;
    QList<QRectF> rectsOf(TextRange range) const override;
    double naturalWidth() const override;
    double firstBaseline() const override;
    SideScroll* sideScroll() override;
    QRectF copyButton() const override;
    QRectF saveButton() const override;
    bool isText(QPointF point) const override;

    static double heightOf(const markdown::Block& block, const Look& look);

private:
    /// A run of at most kPiece characters of one line; long lines have many.
    struct Piece {
        int start = 0;
        int length = 0;
        double x = 0;
        double width = 0;
    };
    void split(int start, double x);
    void forgetFrom(int piece);
    int lineOf(int piece) const;
    QStringView lineText(int line) const;
    QString label() const;
    double widthOf(int start, int length) const;
    int lineCount() const;
    int lineAt(double y) const;
    int lineEnd(int line) const;
    QTextLayout& shaped(int piece) const;
    int pieceAt(int line, double x) const;
    double xOf(int offset, int line) const;
    void paintButton(QPainter& painter, const QRectF& button, Icon icon, bool hovered, bool done) const;
    void paintHeader(QPainter& painter, QPointF at, const BoxPaint& paint) const;
    void paintLines(QPainter& painter, QPointF at, const BoxPaint& paint);
    void paintScrollBar(QPainter& painter, QPointF at, const BoxPaint& paint) const;
    QPointF textOrigin() const;

    QString m_code;
    QString m_language;
    Look m_look;
    const highlight::Language* m_lexed = nullptr; ///< null: not one we know
    mutable std::unique_ptr<highlight::Highlighter> m_highlighter;
    Place m_place;
    TextLook m_text;
    std::vector<Piece> m_pieces;
    std::vector<int> m_firstPiece; ///< of each line; one more entry at the end
    mutable std::map<int, std::unique_ptr<QTextLayout>> m_shaped;
    SideScroll m_scroll;
    double m_width = 0;
    double m_height = 0;
    double m_lineHeight = 0;
    double m_headerHeight = 0;
};

} // namespace alcuin::ui

#include "chat/export/html_writer.h"

#include "chat/export/inline_nesting.h"
#include "chat/interaction/link_filter.h"
#include "chat/layout/code_formats.h"
#include "highlight/highlighter.h"

#include <algorithm>
#include <memory>

namespace alcuin::ui {

using markdown::Block;
using markdown::BlockKind;
using markdown::Container;
using markdown::ContainerKind;
using markdown::InlineText;

namespace {

QString escaped(QStringView text) {
    QString result = text.toString().toHtmlEscaped();
    result.replace(QChar::LineSeparator, QLatin1String("<br>\n"));
    return result;
}

const char* tagOf(quint16 style) {
    switch (style) {
    case markdown::kStrong:
        return "strong";
    case markdown::kEmphasis:
        return "em";
    case markdown::kStrikethrough:
        return "del";
    case markdown::kSuperscript:
        return "sup";
    case markdown::kSubscript:
        return "sub";
    case markdown::kKeyboard:
        return "kbd";
    case markdown::kMarked:
        return "mark";
    default:
        return "u";
    }
}

class InlineHtml {
public:
    explicit InlineHtml(const InlineText& text) : m_text(text) {}

    QString written() {
        InlineNesting(*this).write(m_text);
        return m_html;
    }
    void open(quint16 style, int link) {
        if (style != InlineNesting<InlineHtml>::kLink) {
            m_html += QStringLiteral("<%1>").arg(QLatin1String(tagOf(style)));
        } else if (const QString address = addressOf(link); !address.isEmpty()) {
            m_html += QStringLiteral("<a href=\"%1\">").arg(address.toHtmlEscaped());
        }
    }
    void close(quint16 style, int link) {
        if (style != InlineNesting<InlineHtml>::kLink) {
            m_html += QStringLiteral("</%1>").arg(QLatin1String(tagOf(style)));
        } else if (!addressOf(link).isEmpty()) {
            m_html += QLatin1String("</a>");
        }
    }
    void text(QStringView characters, quint16 style, int) {
        if (style & markdown::kNoteReturn) {
            return;
        }
        const bool code = (style & markdown::kCodeSpan) != 0;
        m_html += (code ? QLatin1String("<code>") : QLatin1String()) + escaped(characters) +
                  (code ? QLatin1String("</code>") : QLatin1String());
    }

private:
    /// Empty for what isn't followed.
    QString addressOf(int link) const {
        const QString address = m_text.links.value(link);
        for (const markdown::Span& span : m_text.spans) {
            if (span.link == link && (span.style & markdown::kNote)) {
                return QStringLiteral("#note-%1").arg(address.section(QLatin1Char('.'), 0, 0));
            }
            if (span.link == link && (span.style & markdown::kNoteReturn)) {
                return {};
            }
        }
        const auto url = openableUrl(address);
        return url ? QString::fromLatin1(url->toEncoded()) : QString();
    }

    const InlineText& m_text;
    QString m_html;
};

/// Code with its colours said at each run, and on a ground of its own: word processors take no style sheet, and paste
/// onto whatever paper they have.
class ColouredCode {
public:
    QString written(const Block& block) {
        const QString& code = block.text.text;
        const highlight::Language* language = block.language.isEmpty() ? nullptr : library().find(block.language);
        if (language == nullptr) {
            return code.toHtmlEscaped();
        }
        const auto lines = QStringView(code).split(QLatin1Char('\n'));
        highlight::Highlighter highlighter(*language, library());
        QString html;
        for (int i = 0; i < lines.size(); ++i) {
            const QStringView line = lines.at(i);
            qsizetype at = 0;
            html += i > 0 ? QLatin1String("\n") : QLatin1String();
            for (const auto& span : highlighter.spansOf(i, [&](int each) { return lines.at(each); })) {
                html += line.mid(at, span.start - at).toString().toHtmlEscaped() +
                        run(line.mid(span.start, span.length), span.kind);
                at = span.start + span.length;
            }
            html += line.mid(at).toString().toHtmlEscaped();
        }
        return html;
    }
    QString ground() const {
        return QStringLiteral("background:%1;color:%2").arg(m_colors.code.name(), m_colors.ink.name());
    }

private:
    QString run(QStringView text, highlight::Kind kind) const {
        const QColor color = colorOf(kind, m_colors);
        const QString shown = text.toString().toHtmlEscaped();
        return color.isValid() ? QStringLiteral("<span style=\"color:%1\">%2</span>").arg(color.name(), shown) : shown;
    }
    highlight::Library& library() {
        if (!m_library) {
            m_library = std::make_unique<highlight::Library>();
        }
        return *m_library;
    }

    const Colors m_colors = Theme::light();
    std::unique_ptr<highlight::Library> m_library; ///< made where there is code
};

class HtmlWriter {
public:
    QString written(const markdown::Blocks& blocks);

private:
    void enter(const Block& block);
    void closeTo(qsizetype depth);
    void write(const Block& block);
    void writeTable(const Block& block);
    static bool sameList(const Container& a, const Container& b);

    QString m_html;
    QList<Container> m_open;
    ColouredCode m_code;
};

bool HtmlWriter::sameList(const Container& a, const Container& b) {
    const auto family = [](ContainerKind kind) { return kind == ContainerKind::kTask ? ContainerKind::kBullet : kind; };
    return a.kind != ContainerKind::kQuote && family(a.kind) == family(b.kind);
}

void HtmlWriter::closeTo(qsizetype depth) {
    while (m_open.size() > depth) {
        const Container last = m_open.takeLast();
        switch (last.kind) {
        case ContainerKind::kQuote:
            m_html += QLatin1String("</blockquote>\n");
            break;
        case ContainerKind::kBullet:
        case ContainerKind::kTask:
            m_html += QLatin1String("</li>\n</ul>\n");
            break;
        case ContainerKind::kOrdered:
        case ContainerKind::kNote:
            m_html += QLatin1String("</li>\n</ol>\n");
            break;
        }
    }
}

/// Opens what the block stands in and isn't open yet.
void HtmlWriter::enter(const Block& block) {
    qsizetype same = 0;
    while (same < m_open.size() && same < block.containers.size() && !block.containers.at(same).first &&
           m_open.at(same).kind == block.containers.at(same).kind) {
        ++same;
    }
    bool sibling =
        same < m_open.size() && same < block.containers.size() && sameList(m_open.at(same), block.containers.at(same));
    closeTo(same + (sibling ? 1 : 0));
    for (qsizetype i = same; i < block.containers.size(); ++i) {
        const Container& container = block.containers.at(i);
        if (sibling) {
            m_html += QLatin1String("</li>\n");
            m_open.removeLast();
        }
        m_open.append(container);
        switch (container.kind) {
        case ContainerKind::kQuote:
            m_html += QLatin1String("<blockquote>\n");
            break;
        case ContainerKind::kBullet:
            m_html += sibling ? QLatin1String("<li>") : QLatin1String("<ul>\n<li>");
            break;
        case ContainerKind::kTask:
            m_html += (sibling ? QLatin1String("<li>") : QLatin1String("<ul>\n<li>")) +
                      QStringLiteral("<input type=\"checkbox\" disabled%1> ")
                          .arg(container.checked ? QLatin1String(" checked") : QLatin1String());
            break;
        case ContainerKind::kOrdered:
            if (!sibling) {
                m_html += container.number == 1 ? QStringLiteral("<ol>\n")
                                                : QStringLiteral("<ol start=\"%1\">\n").arg(container.number);
            }
            m_html += QLatin1String("<li>");
            break;
        case ContainerKind::kNote:
            if (!sibling) {
                m_html += container.number == 1 ? QStringLiteral("<ol>\n")
                                                : QStringLiteral("<ol start=\"%1\">\n").arg(container.number);
            }
            m_html += QStringLiteral("<li id=\"note-%1\">").arg(container.number);
            break;
        }
        sibling = false;
    }
}

void HtmlWriter::writeTable(const Block& block) {
    const auto columns = block.table.columns.size();
    const auto cellOf = [&](qsizetype i, const char* tag) {
        static constexpr const char* kAligns[] = {"", "left", "center", "right"};
        const QLatin1String align(kAligns[int(block.table.columns.at(i % columns))]);
        m_html += QStringLiteral("<%1%2>").arg(
            QLatin1String(tag), align.isEmpty() ? QString() : QStringLiteral(" style=\"text-align:%1\"").arg(align));
        m_html += writeInlineHtml(block.table.cells.at(i)) + QStringLiteral("</%1>").arg(QLatin1String(tag));
    };
    const bool header = std::any_of(block.table.cells.begin(), block.table.cells.begin() + columns,
                                    [](const InlineText& cell) { return !cell.text.isEmpty(); });
    m_html += QLatin1String("<table>\n");
    for (int row = header ? 0 : 1; row < block.table.rows(); ++row) {
        m_html += row == 0 ? QLatin1String("<thead>\n<tr>") : QLatin1String("<tr>");
        for (qsizetype i = row * columns; i < (row + 1) * columns; ++i) {
            cellOf(i, row == 0 ? "th" : "td");
        }
        m_html += row == 0 ? QLatin1String("</tr>\n</thead>\n") : QLatin1String("</tr>\n");
        if (row == (header ? 0 : 1) && header) {
            m_html += QLatin1String("<tbody>\n");
        }
    }
    m_html += header ? QLatin1String("</tbody>\n</table>\n") : QLatin1String("</table>\n");
}

void HtmlWriter::write(const Block& block) {
    switch (block.kind) {
    case BlockKind::kHeading:
        m_html += QStringLiteral("<h%1>").arg(block.level) + writeInlineHtml(block.text) +
                  QStringLiteral("</h%1>\n").arg(block.level);
        break;
    case BlockKind::kCode: {
        const QString language = block.language.isEmpty()
                                     ? QString()
                                     : QStringLiteral(" class=\"language-%1\"").arg(block.language.toHtmlEscaped());
        m_html += QStringLiteral("<pre style=\"%1\"><code%2>").arg(m_code.ground(), language) + m_code.written(block) +
                  QLatin1String("\n</code></pre>\n");
        break;
    }
    case BlockKind::kTable:
        writeTable(block);
        break;
    case BlockKind::kRule:
        m_html += QLatin1String("<hr>\n");
        break;
    default: {
        const bool tight = !block.containers.isEmpty() && block.containers.last().tight &&
                           block.containers.last().kind != ContainerKind::kQuote;
        const QString text = writeInlineHtml(block.text);
        m_html += tight ? text : QStringLiteral("<p>") + text + QStringLiteral("</p>\n");
        break;
    }
    }
}

QString HtmlWriter::written(const markdown::Blocks& blocks) {
    for (const Block& block : blocks) {
        if (block.continues && m_html.endsWith(QLatin1String("</p>\n"))) {
            m_html.chop(5);
            m_html += writeInlineHtml(block.text) + QLatin1String("</p>\n");
            continue;
        }
        enter(block);
        write(block);
    }
    closeTo(0);
    return m_html;
}

} // namespace

QString writeInlineHtml(const InlineText& text) {
    return InlineHtml(text).written();
}

QString writeHtml(const markdown::Blocks& blocks) {
    return HtmlWriter().written(blocks);
}

} // namespace alcuin::ui

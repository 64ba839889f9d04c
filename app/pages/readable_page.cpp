#include "pages/readable_page.h"

#include <QString>
#include <QStringList>

#include "highlight/highlighter.h"
#include "highlight/library.h"
#include "math/mathml/mathml.h"
#include "math/tex/macros.h"

namespace alcuin::app {

namespace {

using ui::highlight::Kind;

/// The class of the page's style sheet, as many as the window has colours; null for plain text.
const char* classOf(Kind kind) {
    switch (kind) {
    case Kind::kComment:
        return "comment";
    case Kind::kString:
        return "string";
    case Kind::kNumber:
    case Kind::kConstant:
        return "number";
    case Kind::kKeyword:
    case Kind::kTag:
    case Kind::kHeading:
        return "keyword";
    case Kind::kType:
        return "type";
    case Kind::kFunction:
        return "function";
    case Kind::kEscape:
    case Kind::kVariable:
    case Kind::kAttribute:
    case Kind::kMeta:
        return "detail";
    case Kind::kInserted:
        return "new";
    case Kind::kDeleted:
        return "gone";
    case Kind::kPlain:
    case Kind::kCount:
        break;
    }
    return nullptr;
}

class ReadablePage : public exchange::PageDress {
public:
    void beginText() override;
    std::string formula(std::string_view tex, bool display) override;
    std::string code(std::string_view text, std::string_view language) override;

private:
    static constexpr qsizetype kMostDefinitions = 4000; ///< characters; what comes after stands for itself alone

    ui::highlight::Library m_languages;
    QString m_definitions;
};

void ReadablePage::beginText() {
    m_definitions.clear();
}

std::string ReadablePage::formula(std::string_view tex, bool display) {
    const QString source = QString::fromUtf8(tex.data(), static_cast<qsizetype>(tex.size()));
    const QString set = ui::math::toMathMl(source, display, m_definitions);
    if (ui::math::definesMacros(source)) {
        const QString more = ui::math::definitionsIn(source);
        m_definitions += m_definitions.size() + more.size() <= kMostDefinitions ? more : QString();
    }
    return set.toStdString();
}

std::string ReadablePage::code(std::string_view text, std::string_view language) {
    const auto* known = m_languages.find(QString::fromUtf8(language.data(), static_cast<qsizetype>(language.size())));
    if (known == nullptr) {
        return {};
    }
    const QString whole = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    const auto lines = QStringView(whole).split(QLatin1Char('\n'));
    ui::highlight::Highlighter highlighter(*known, m_languages);
    const auto lineText = [&](int line) { return lines.at(line); };
    QString html;
    html.reserve(whole.size() * 2);
    for (int i = 0; i < lines.size(); ++i) {
        const QStringView line = lines.at(i);
        qsizetype at = 0;
        for (const auto& span : highlighter.spansOf(i, lineText)) {
            html += line.mid(at, span.start - at).toString().toHtmlEscaped();
            const QString run = line.mid(span.start, span.length).toString().toHtmlEscaped();
            const char* name = classOf(span.kind);
            html +=
                name == nullptr ? run : QStringLiteral("<span class=\"%1\">%2</span>").arg(QLatin1String(name), run);
            at = span.start + span.length;
        }
        html += line.mid(at).toString().toHtmlEscaped();
        html += i + 1 < lines.size() ? QLatin1String("\n") : QLatin1String();
    }
    return html.toStdString();
}

} // namespace

std::unique_ptr<exchange::PageDress> readablePage() {
    return std::make_unique<ReadablePage>();
}

} // namespace alcuin::app

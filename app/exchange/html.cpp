#include "html.h"

#include <fmt/format.h>

#include "active_path.h"
#include "html_markdown.h"
#include "html_style.h"
#include "text.h"
#include "turn_words.h"

namespace alcuin::exchange {

namespace {

using storage::Message;
using storage::Part;
using storage::PartKind;
using storage::Role;

std::string escaped(std::string_view text) {
    std::string html;
    appendEscaped(html, text);
    return html;
}

std::string timeElement(storage::TimeMs time) {
    return fmt::format("<time datetime=\"{}\">{}</time>", isoTime(time), readableTime(time));
}

void appendPart(std::string& html, const Part& part, PageDress* dress) {
    switch (part.kind) {
    case PartKind::kText:
        appendHtml(html, cleanText(part.text), dress);
        break;
    case PartKind::kReasoning:
        html += fmt::format("<details class=\"reasoning\"><summary>{}</summary>\n<blockquote>\n",
                            escaped(reasoningWords(part.durationMs)));
        appendHtml(html, cleanText(part.text), dress);
        html += "</blockquote></details>\n";
        break;
    case PartKind::kAttachment:
        html +=
            fmt::format("<details class=\"attachment\"><summary>{}</summary>\n<pre>", escaped(attachmentWords(part)));
        appendEscaped(html, cleanText(part.text));
        html += "</pre></details>\n";
        break;
    }
}

void appendTurn(std::string& html, const Message& message, PageDress* dress) {
    html += fmt::format("<article class=\"{}\">\n<div class=\"turn\"><h2>{}</h2> {}</div>\n<div class=\"body\">\n",
                        message.role == Role::kUser ? "user" : "answer", escaped(speakerWords(message)),
                        timeElement(message.createdAt));
    for (const auto& part : message.parts) {
        appendPart(html, part, dress);
    }
    if (const auto state = stateWords(message); !state.empty()) {
        html += fmt::format("<p class=\"state\">{}</p>\n", escaped(state));
    }
    html += "</div>\n</article>\n";
}

} // namespace

std::string toHtml(const storage::ConversationTree& tree, PageDress* dress) {
    const auto path = activePath(tree);
    auto title = cleanName(tree.conversation.title);
    title = title.empty() ? "Conversation" : escaped(title);
    std::string html = fmt::format(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n"
        "<main>\n<header>\n<h1>{0}</h1>\n<p class=\"meta\">{2}</p>\n",
        title, kHtmlStyle, timeElement(tree.conversation.createdAt));
    if (path.size() < tree.messages.size()) {
        html += fmt::format("<p class=\"meta\">{} messages on other branches aren't shown here.</p>\n",
                            tree.messages.size() - path.size());
    }
    html += "</header>\n";
    for (const auto* message : path) {
        appendTurn(html, *message, dress);
    }
    html += "</main>\n</body>\n</html>\n";
    return html;
}

} // namespace alcuin::exchange

#include "support/test_registry.h"

#include "exchange/markdown.h"
#include "exchange/tree_builder.h"
#include "reading.h"

using namespace alcuin;
using namespace alcuin::exchange;
using namespace alcuin::tests;

namespace {

storage::Message message(std::string id, std::optional<std::string> parent, storage::Role role,
                         std::vector<storage::Part> parts) {
    storage::Message made;
    made.id = std::move(id);
    made.parentId = std::move(parent);
    made.role = role;
    made.createdAt = 1735689600000;
    made.parts = std::move(parts);
    return made;
}

storage::ConversationTree conversation() {
    storage::ConversationTree tree;
    tree.conversation.id = "0a1b2c3d-0001-4000-8000-000000000001";
    tree.conversation.title = "Quotes: \"a\" and # signs";
    tree.conversation.createdAt = tree.conversation.updatedAt = 1735689600000;
    tree.messages.push_back(message("1", std::nullopt, storage::Role::kUser,
                                    {attachmentPart("code.md", "text/markdown", "```\nx\n```\n"), textPart("Why?")}));
    tree.messages.push_back(message("2", "1", storage::Role::kAssistant, {textPart("Another branch")}));
    tree.messages.push_back(message("3", "1", storage::Role::kAssistant,
                                    {reasoningPart("First\n\n## then", 2600), textPart("See:\n\n```c\nint a;")}));
    tree.messages.back().state = storage::MessageState::kLength;
    tree.messages.back().generation = storage::Generation{};
    tree.messages.back().generation->modelName = "a-model";
    tree.conversation.activeLeaf = "3";
    return tree;
}

} // namespace

/// Markdown for other programs: front matter, turns, and nothing that reaches from one into the next.
class TstMarkdown : public QObject {
    Q_OBJECT
private slots:
    void aConversationIsADocument();
    void openCodeIsClosed_data();
    void openCodeIsClosed();
    void endlessHtmlIsShownAsText_data();
    void endlessHtmlIsShownAsText();
};

void TstMarkdown::aConversationIsADocument() {
    ALCUIN_SAME(toMarkdown(conversation()), R"(---
title: "Quotes: \"a\" and # signs"
id: "0a1b2c3d-0001-4000-8000-000000000001"
created: 2025-01-01T00:00:00Z
updated: 2025-01-01T00:00:00Z
models:
  - "a-model"
other-branches: 1 messages
---

# Quotes: "a" and # signs

## You

*2025-01-01 00:00 UTC*

**code.md (10 bytes)**

````
```
x
```
````

Why?

## a-model

*2025-01-01 00:00 UTC*

<details>
<summary>Thought for 3 s</summary>

> First
>
> ## then

</details>

See:

```c
int a;
```

*This answer ended at the length that was set.*
)");
}

void TstMarkdown::openCodeIsClosed_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("closed");
    QTest::newRow("closed") << "```\na\n```\nb"
                            << "```\na\n```\nb\n";
    QTest::newRow("open") << "```\na"
                          << "```\na\n```\n";
    QTest::newRow("longer") << "````\n```\na"
                            << "````\n```\na\n````\n";
    QTest::newRow("tildes") << "~~~\n```"
                            << "~~~\n```\n~~~\n";
    QTest::newRow("no end with words") << "```\n``` a"
                                       << "```\n``` a\n```\n";
    QTest::newRow("in a list") << "- ```\n  a"
                               << "- ```\n  a\n```\n";
    QTest::newRow("inline") << "``` a ``` b"
                            << "``` a ``` b\n";
    QTest::newRow("indented") << "    ```\na"
                              << "    ```\na\n";
}

void TstMarkdown::openCodeIsClosed() {
    QFETCH(QString, text);
    QFETCH(QString, closed);
    ALCUIN_SAME(closedMarkdown(text.toStdString()), closed.toStdString());
}

void TstMarkdown::endlessHtmlIsShownAsText_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("closed");
    QTest::newRow("comment") << "<!-- a"
                             << "\\<!-- a\n";
    QTest::newRow("script") << "a\n <SCRIPT>b"
                            << "a\n \\<SCRIPT>b\n";
    QTest::newRow("in a quote") << "> - <pre>"
                                << "> - \\<pre>\n";
    QTest::newRow("in a numbered list") << "12. <?x"
                                        << "12. \\<?x\n";
    QTest::newRow("in code") << "```\n<!-- a\n```"
                             << "```\n<!-- a\n```\n";
    QTest::newRow("harmless") << "<b>a</b>\n<https://example.org>"
                              << "<b>a</b>\n<https://example.org>\n";
}

void TstMarkdown::endlessHtmlIsShownAsText() {
    QFETCH(QString, text);
    QFETCH(QString, closed);
    ALCUIN_SAME(closedMarkdown(text.toStdString()), closed.toStdString());
}

ALCUIN_TEST(TstMarkdown)
#include "tst_markdown.moc"

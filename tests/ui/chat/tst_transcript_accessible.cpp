#include "support/test_registry.h"

#include "chat/transcript_private.h"
#include "chat/transcript_view.h"
#include "ui/chat/sample.h"

#include <QAccessible>
#include <QApplication>
#include <QSignalSpy>

using namespace alcuin;
using namespace alcuin::ui;

class TestTranscriptAccessible : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void treeOfTurns();
    void controlsHaveNamesAndPress();
    void stateFollowsFocus();
    void newTextIsToldBySentence();
    void goneTurnsAreInvalid();

private:
    QAccessibleInterface* list() {
        return QAccessible::queryAccessibleInterface(m_view.get());
    }
    Theme m_theme;
    std::unique_ptr<TranscriptView> m_view;
};

void TestTranscriptAccessible::init() {
    m_view = std::make_unique<TranscriptView>(m_theme);
    QAccessible::setActive(true);
    m_view->resize(700, 500);
    m_view->show();
    QApplication::processEvents();
}

void TestTranscriptAccessible::cleanup() {
    m_view.reset();
}

void TestTranscriptAccessible::treeOfTurns() {
    auto reply = tests::answer(QStringLiteral("It **is**.\n\n- so"));
    reply.reasoning = QStringLiteral("hm");
    reply.reasoningDurationMs = 12000;
    m_view->setPath({tests::question(QStringLiteral("Is it?")), reply});
    QVERIFY(list() != nullptr);
    QCOMPARE(list()->role(), QAccessible::List);
    QVERIFY(!list()->text(QAccessible::Name).isEmpty());
    QCOMPARE(list()->childCount(), 2);
    QAccessibleInterface* asked = list()->child(0);
    QAccessibleInterface* answered = list()->child(1);
    QCOMPARE(asked->role(), QAccessible::ListItem);
    QCOMPARE(asked->text(QAccessible::Name), QStringLiteral("You said"));
    QCOMPARE(answered->text(QAccessible::Name), QStringLiteral("Answer"));
    QVERIFY(answered->text(QAccessible::Description).contains(QStringLiteral("Thought for 12 s")));
    QCOMPARE(list()->indexOfChild(answered), 1);
    QCOMPARE(answered->parent(), list());
    QAccessibleTextInterface* text = answered->textInterface();
    QVERIFY(text != nullptr);
    QCOMPARE(text->text(0, text->characterCount()), QStringLiteral("It is.\n\n- so"));
    QCOMPARE(text->text(3, 5), QStringLiteral("is"));
    QVERIFY(answered->rect().isValid());
    QVERIFY(answered->rect().top() > asked->rect().top());
    const QPoint center = asked->rect().center();
    QCOMPARE(list()->childAt(center.x(), center.y()), asked);
    QCOMPARE(list()->child(2), nullptr);
}

void TestTranscriptAccessible::controlsHaveNamesAndPress() {
    auto reply = tests::answer(QStringLiteral("[a page](https://example.org)\n\n```\nx\n```"));
    reply.siblings = {reply.id, QUuid::createUuid()};
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    QAccessibleInterface* answered = list()->child(1);
    QStringList names;
    for (int i = 0; i < answered->childCount(); ++i) {
        QAccessibleInterface* control = answered->child(i);
        names += control->text(QAccessible::Name);
        QCOMPARE(answered->indexOfChild(control), i);
        QCOMPARE(control->parent(), answered);
        QVERIFY(control->actionInterface() != nullptr);
        QVERIFY(control->rect().isValid());
    }
    QCOMPARE(names,
             QStringList({QStringLiteral("a page"), QStringLiteral("Save code as a file"), QStringLiteral("Copy code"),
                          QStringLiteral("Previous answer"), QStringLiteral("Next answer"),
                          QStringLiteral("Copy answer"), QStringLiteral("Edit answer"), QStringLiteral("Answer again"),
                          QStringLiteral("Answer again with another model or parameters"),
                          QStringLiteral("Details of this answer")}));
    QCOMPARE(answered->child(0)->role(), QAccessible::Link);
    QCOMPARE(answered->child(0)->text(QAccessible::Description), QStringLiteral("https://example.org"));
    QVERIFY(answered->child(3)->state().disabled);
    QVERIFY(!answered->child(4)->state().disabled);
    QSignalSpy links(m_view.get(), &TranscriptView::linkActivated);
    QSignalSpy branches(m_view.get(), &TranscriptView::branchRequested);
    QSignalSpy again(m_view.get(), &TranscriptView::regenerateRequested);
    for (int i = 0; i < answered->childCount(); ++i) {
        answered->child(i)->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    }
    QCOMPARE(links.size(), 1);
    QCOMPARE(branches.size(), 1);
    QCOMPARE(again.size(), 1);
}

void TestTranscriptAccessible::stateFollowsFocus() {
    m_view->setPath({tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("A"))});
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->clearFocus();
    m_view->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(m_view->hasFocus());
    QCOMPARE(list()->focusChild(), list()->child(1));
    QVERIFY(list()->child(1)->state().focused);
    TranscriptAccess::of(*m_view).moveFocus(true);
    QCOMPARE(list()->focusChild(), list()->child(1)->child(0));
    QVERIFY(list()->child(1)->child(0)->state().focused);
}

void TestTranscriptAccessible::newTextIsToldBySentence() {
    auto reply = tests::answer({});
    reply.state = app::MessageState::kStreaming;
    m_view->setPath({tests::question(QStringLiteral("Q")), reply});
    QStringList insertedTexts;
    int position = 0;
    TranscriptAccess::of(*m_view).tell = [&](QAccessibleEvent& event) {
        if (event.type() == QAccessible::TextInserted) {
            auto& inserted = static_cast<QAccessibleTextInsertEvent&>(event);
            QCOMPARE(inserted.changePosition(), position);
            position += int(inserted.textInserted().size());
            insertedTexts += inserted.textInserted();
        }
    };
    const auto append = [&](const char* text) {
        m_view->appendAnswer(reply.id, QString::fromUtf8(text));
        TranscriptAccess::of(*m_view).flush();
    };
    append("One sen");
    append("tence");
    QCOMPARE(insertedTexts, QStringList());
    append(". And ");
    append("more");
    reply.text = QStringLiteral("One sentence. And more");
    reply.state = app::MessageState::kComplete;
    m_view->finish(reply);
    QCOMPARE(insertedTexts.join(QString()), QStringLiteral("One sentence. And more"));
    QCOMPARE(insertedTexts.size(), 2);
}

void TestTranscriptAccessible::goneTurnsAreInvalid() {
    m_view->setPath({tests::question(QStringLiteral("Q")), tests::answer(QStringLiteral("A"))});
    QAccessibleInterface* answered = list()->child(1);
    const QAccessible::Id id = QAccessible::uniqueId(answered);
    answered->child(0);
    m_view->setPath({tests::question(QStringLiteral("Other"))});
    QCOMPARE(QAccessible::accessibleInterface(id), nullptr);
    QCOMPARE(list()->childCount(), 1);
}

ALCUIN_TEST(TestTranscriptAccessible)
#include "tst_transcript_accessible.moc"

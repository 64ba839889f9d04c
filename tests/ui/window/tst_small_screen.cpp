#include <QComboBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTreeWidget>

#include <algorithm>

#include "chat/desk/attachment_strip.h"
#include "chat/desk/desk.h"
#include "chat/ledger/ledger_popover.h"
#include "chat/panel/conversation_panel.h"
#include "support/test_registry.h"
#include "ui/window/window_fixture.h"
#include "widgets/icon_button.h"
#include "widgets/label.h"
#include "widgets/scrolled_page.h"
#include "widgets/undo_bar.h"
#include "window/window_actions.h"

using namespace alcuin;

namespace {

/// 1920 x 1080 dots at 300%, as the gallery has it.
constexpr QSize kSmall(640, 360);
constexpr int kMostSteps = 120;

/// What its window and all that it stands in leave of it.
QRect seenOf(const QWidget& widget) {
    QRect seen = widget.isVisible() ? widget.rect() : QRect();
    QPoint at;
    for (const QWidget* inner = &widget; !inner->isWindow(); inner = inner->parentWidget()) {
        at += inner->pos();
        seen &= inner->parentWidget()->rect().translated(-at);
    }
    return seen;
}

QString named(const QWidget& widget) {
    return QStringLiteral("%1 \"%2\" at %3,%4 %5x%6 shows %7x%8")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.accessibleName())
        .arg(widget.mapTo(widget.window(), QPoint()).x())
        .arg(widget.mapTo(widget.window(), QPoint()).y())
        .arg(widget.width())
        .arg(widget.height())
        .arg(seenOf(widget).width())
        .arg(seenOf(widget).height());
}

/// All of it is in view; of a field that is higher or wider than what it stands in, as much as there is room for.
bool isWhollyVisible(const QWidget& widget) {
    QSize room = widget.size();
    for (const QWidget* outer = widget.parentWidget(); outer != nullptr; outer = outer->parentWidget()) {
        if (qobject_cast<const QScrollArea*>(outer) != nullptr) {
            room = room.boundedTo(static_cast<const QScrollArea*>(outer)->viewport()->size());
        }
        if (outer->isWindow()) {
            break;
        }
    }
    const QRect seen = seenOf(widget);
    return seen.width() >= room.width() && seen.height() >= room.height();
}

/// Goes through `window` by Tab, or back by Shift+Tab, until the focus comes round; what was not in view when it had
/// the focus, and how many had it.
std::pair<QStringList, int> walk(QWidget& window, Qt::Key key) {
    QStringList hidden;
    QList<const QWidget*> seen;
    for (int step = 0; step < kMostSteps; ++step) {
        QWidget* focused = window.focusWidget();
        if (focused == nullptr) {
            return {{QStringLiteral("the focus is nowhere")}, 0};
        }
        const bool again = !seen.isEmpty() && seen.last() == focused; // it has places of its own to go through
        if (!again && seen.contains(focused)) {
            break;
        }
        if (!again) {
            seen.append(focused);
        }
        if (!isWhollyVisible(*focused)) {
            hidden.append(named(*focused));
        }
        QTest::keyClick(focused, key, key == Qt::Key_Backtab ? Qt::ShiftModifier : Qt::NoModifier);
    }
    return {hidden, int(seen.size())};
}

} // namespace

/// The keyboard's focus is never out of view on a small screen, whatever is open.
class TestSmallScreen : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_fixture = std::make_unique<tests::WindowFixture>();
        QVERIFY(m_fixture->waitUntilReady());
        m_fixture->window->resize(kSmall);
    }
    void cleanup() {
        m_fixture.reset();
    }

    void theFocusIsAlwaysInView_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<double>("zoom");
        QTest::addColumn<int>("least"); // widgets that must have had the focus
        for (const double zoom : {1.0, 2.0}) {
            const auto row = [&](const char* state, int least) {
                QTest::addRow("%s at %d%%", state, int(zoom * 100)) << QString::fromLatin1(state) << zoom << least;
            };
            row("welcome", 8);
            row("answered", 8);
            if (zoom < 2) {
                row("files", 11);
                row("waiting", 12);
            }
            row("panel", 14);
        }
    }
    void theFocusIsAlwaysInView() {
        QFETCH(QString, state);
        QFETCH(double, zoom);
        QFETCH(int, least);
        m_fixture->theme->setZoom(zoom);
        show(state);
        QTest::qWait(50);
        for (const auto key : {Qt::Key_Tab, Qt::Key_Backtab}) {
            (state == QLatin1String("panel") ? beginningOfThePanel() : m_fixture->edit()).setFocus();
            const auto [hidden, count] = walk(*m_fixture->window, key);
            QVERIFY2(hidden.isEmpty(), qPrintable(hidden.join(QLatin1Char('\n'))));
            QVERIFY2(count >= least, qPrintable(QString::number(count)));
        }
    }

    /// All that is said there can be read, in as many lines as it takes, and what it covers can be scrolled to.
    void theWayBackSaysAllOfIt() {
        auto& bar = m_fixture->page().undoBar();
        bar.offer(
            QStringLiteral("Deleted “%1”. Backups keep it for about a week.").arg(QStringLiteral("word ").repeated(9)),
            [] {});
        QTest::qWait(20);
        auto* words = bar.findChild<ui::Label*>();
        QVERIFY(words->height() >= words->heightForWidth(words->width()));
        QVERIFY(words->heightForWidth(words->width()) > words->fontMetrics().height() * 3 / 2);
        QVERIFY(bar.geometry().right() < m_fixture->page().width());
        const auto pages = m_fixture->window->findChildren<ui::ScrolledPage*>();
        const auto shown = std::find_if(pages.begin(), pages.end(), [](const auto* one) { return one->isVisible(); });
        QVERIFY(shown != pages.end());
        QVERIFY((*shown)->verticalScrollBar()->maximum() > 0);
        bar.undo();
        QTest::qWait(20);
        QCOMPARE((*shown)->verticalScrollBar()->maximum(), 0);
    }
    /// Beside the open list of conversations there is half the room: what stood side by side stands one under the
    /// other.
    void aPageIsNeverWiderThanItsRoom() {
        show(QStringLiteral("answered"));
        m_fixture->window->actionList().newChat->trigger();
        m_fixture->window->actionList().toggleSidebar->trigger();
        QTest::qWait(50);
        QVERIFY(m_fixture->window->sidebar().isVisible());
        const auto pages = m_fixture->window->findChildren<ui::ScrolledPage*>();
        const auto shown = std::find_if(pages.begin(), pages.end(), [](const auto* one) { return one->isVisible(); });
        QVERIFY(shown != pages.end());
        QVERIFY2((*shown)->widget()->width() <= (*shown)->viewport()->width(),
                 qPrintable(QString::number((*shown)->widget()->width())));
    }
    /// Its middle stays that of the composer below, with a scroll bar beside it or without.
    void aScrolledPageKeepsItsMiddle() {
        m_fixture->page().composer().setText(QStringLiteral("line\n").repeated(20)); // leaves it little room
        QTest::qWait(20);
        const auto pages = m_fixture->window->findChildren<ui::ScrolledPage*>();
        const auto shown = std::find_if(pages.begin(), pages.end(), [](const auto* one) { return one->isVisible(); });
        QVERIFY(shown != pages.end());
        QVERIFY((*shown)->verticalScrollBar()->isVisible());
        const auto* title = (*shown)->findChild<ui::Label*>();
        const int middle = title->mapTo(m_fixture->window.get(), title->rect().center()).x();
        const auto& composer = m_fixture->page().composer();
        QVERIFY(std::abs(middle - composer.mapTo(m_fixture->window.get(), composer.rect().center()).x()) <= 1);
    }

    /// The ledger's popover is higher than the screen: its list gives way, and the rest is scrolled to.
    void aPopoverStaysOnTheScreen() {
        show(QStringLiteral("answered"));
        emit m_fixture->page().desk().findChild<QAbstractButton*>()->clicked();
        auto* popover = m_fixture->window->findChild<ui::LedgerPopover*>();
        QVERIFY(popover != nullptr && popover->isVisible());
        auto* scroll = popover->findChild<QScrollArea*>();
        QVERIFY(scroll != nullptr);
        const auto* list = popover->findChild<QTreeWidget*>();
        QTRY_VERIFY(list->topLevelItemCount() > 1); // counted behind the window's back
        popover->setMaximumHeight(160);
        QTest::qWait(20);
        QVERIFY2(scroll->verticalScrollBar()->maximum() > 0,
                 qPrintable(QStringLiteral("%1 high, its view %2, what is in it %3")
                                .arg(popover->height())
                                .arg(scroll->viewport()->height())
                                .arg(scroll->widget()->height())));
        const auto [hidden, count] = walk(*popover, Qt::Key_Tab);
        QVERIFY2(hidden.isEmpty(), qPrintable(hidden.join(QLatin1Char('\n'))));
        QVERIFY(count >= 1);
        popover->hide();
    }

private:
    QWidget& beginningOfThePanel() const {
        return *m_fixture->page().findChild<ui::ConversationPanel*>()->findChild<QComboBox*>();
    }
    void show(const QString& state) {
        if (state == QLatin1String("welcome")) {
            return;
        }
        const auto request = m_fixture->ask(QStringLiteral("How high was the water?"));
        m_fixture->engine->write(request, "The river had risen in the night.\n\n    int depth = 3;\n\nThat is all.");
        if (state == QLatin1String("waiting")) {
            for (const char* words : {"And how many houses were lost?", "Write it as a letter"}) {
                m_fixture->type(QString::fromLatin1(words));
                m_fixture->press(Qt::Key_Return);
                QTest::qWait(50);
            }
            m_fixture->type(QStringLiteral("Then in verse"));
            return;
        }
        m_fixture->engine->finish(request);
        QVERIFY(m_fixture->waitUntilIdle());
        if (state == QLatin1String("files")) {
            m_fixture->composer().setText(QStringLiteral("What does this say?"));
            m_fixture->composer().attachments().add(
                {{QStringLiteral("tides.py"), QStringLiteral("text/x-python"), QStringLiteral("print(3)\n"), 9},
                 {QStringLiteral("Notes on the flood.md"), QStringLiteral("text/markdown"), QStringLiteral("# N\n"),
                  4}});
            m_fixture->composer().attachments().refuse(
                {{QStringLiteral("photograph.png is a picture"), QStringLiteral("It can't be seen."), {}}});
        } else if (state == QLatin1String("panel")) {
            m_fixture->window->actionList().panel->trigger();
        }
    }
    std::unique_ptr<tests::WindowFixture> m_fixture;
};

ALCUIN_TEST(TestSmallScreen)
#include "tst_small_screen.moc"

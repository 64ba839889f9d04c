#include "support/test_registry.h"

#include "print/paginate.h"

using namespace alcuin::ui;

class TestPaginate : public QObject {
    Q_OBJECT
private slots:
    void whatFitsStaysTogether() {
        Paginator pages(100, 10);
        pages.add({40, {{20, 20}}});
        pages.add({40, {{20, 20}}});
        QCOMPARE(pages.pages().size(), size_t(1));
        QCOMPARE(pages.pages()[0][1].y, 50.0);
    }
    void cutsAtTheLastPlaceThatFits() {
        Paginator pages(100, 10);
        pages.add({250, {{30, 30}, {70, 80}, {95, 95}, {120, 120}, {180, 190}, {240, 240}}});
        const auto& all = pages.pages();
        QCOMPARE(all.size(), size_t(3));
        QCOMPARE(all[0][0].to, 95.0);
        QCOMPARE(all[1][0].from, 95.0);
        QCOMPARE(all[1][0].to, 180.0);
        QCOMPARE(all[2][0].from, 190.0); // the gap is gone
        QCOMPARE(all[2][0].to, 250.0);
        QCOMPARE(all[2][0].y, 0.0);
    }
    void goesToTheNextPageRatherThanCutWrongly() {
        Paginator pages(100, 10);
        pages.add({80, {}});
        pages.add({60, {{50, 50}}});
        const auto& all = pages.pages();
        QCOMPARE(all.size(), size_t(2));
        QCOMPARE(all[1][0].from, 0.0);
        QCOMPARE(all[1][0].to, 60.0);
    }
    void headersAreRepeated() {
        Paginator pages(100, 10);
        Strip strip{300, {}};
        for (int i = 2; i < 30; ++i) {
            strip.cuts.push_back({i * 10.0, i * 10.0, 0, 20});
        }
        pages.add(strip);
        const auto& all = pages.pages();
        QCOMPARE(all.size(), size_t(4));
        QCOMPARE(all[1][0].y, 20.0);
        QCOMPARE(all[1][0].headTo - all[1][0].headFrom, 20.0);
        QCOMPARE(all[1][0].to - all[1][0].from, 80.0);
    }
    void whatHasNowhereToCutStillGoesOn() {
        Paginator pages(100, 10);
        pages.add({350, {}});
        double covered = 0;
        for (const Page& page : pages.pages()) {
            for (const Slice& slice : page) {
                QCOMPARE(slice.from, covered);
                covered = slice.to;
            }
        }
        QCOMPARE(covered, 350.0);
    }
    void everythingIsShownOnce() {
        quint32 seed = 1;
        const auto random = [&seed](int most) {
            seed = seed * 1664525u + 1013904223u;
            return double(seed >> 8) / (1 << 24) * most;
        };
        Paginator pages(300, 17);
        std::vector<Strip> strips;
        for (int i = 0; i < 400; ++i) {
            Strip strip;
            double y = 0;
            while (y < random(1500)) {
                y += 5 + random(60);
                const double gap = random(3) < 1 ? random(12) : 0;
                strip.cuts.push_back({y, y + gap, 0, 0});
                y += gap;
            }
            strip.height = y + 5 + random(50);
            pages.add(strip);
            strips.push_back(strip);
        }
        std::vector<double> shown(strips.size(), 0);
        for (const Page& page : pages.pages()) {
            double bottom = 0;
            for (const Slice& slice : page) {
                QVERIFY(slice.y >= bottom);
                bottom = slice.y + slice.to - slice.from;
                QVERIFY(bottom <= 300.1);
                double& at = shown[size_t(slice.strip)];
                const auto& cuts = strips[size_t(slice.strip)].cuts;
                const bool afterCut = at == 0 || std::any_of(cuts.begin(), cuts.end(), [&](const Cut& cut) {
                                          return cut.end == at && cut.begin == slice.from;
                                      });
                QVERIFY(afterCut);
                at = slice.to;
            }
        }
        for (size_t i = 0; i < strips.size(); ++i) {
            QCOMPARE(shown[i], strips[i].height);
        }
    }
};

ALCUIN_TEST(TestPaginate)
#include "tst_paginate.moc"

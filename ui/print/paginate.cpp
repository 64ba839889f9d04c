#include "print/paginate.h"

#include <algorithm>
#include <optional>

namespace alcuin::ui {

namespace {
constexpr double kSlack = 0.01; ///< of what rounding adds up to
}

void Paginator::newPage() {
    m_pages.emplace_back();
    m_y = 0;
}

void Paginator::add(const Strip& strip) {
    const int index = m_strips++;
    if (m_y > 0) {
        m_y += m_gap;
    }
    Cut entry; // how the rest begins
    size_t next = 0;
    while (true) {
        const double from = entry.begin;
        const double head = entry.headTo - entry.headFrom;
        const double rest = room() - head;
        const auto place = [&](double to) {
            m_pages.back().push_back({index, from, to, m_y + head, entry.headFrom, entry.headTo});
            m_y += head + (to - from);
        };
        if (strip.height - from <= rest + kSlack) {
            place(strip.height);
            return;
        }
        std::optional<size_t> best;
        for (size_t i = next; i < strip.cuts.size() && strip.cuts[i].end <= from + rest + kSlack; ++i) {
            if (strip.cuts[i].end > from) {
                best = i;
            }
        }
        if (best) {
            place(strip.cuts[*best].end);
            entry = strip.cuts[*best];
            next = *best + 1;
            newPage();
        } else if (m_y > 0) {
            newPage(); // it fits better there
        } else if (head > 0) {
            entry.headFrom = entry.headTo = 0; // no room for the header
        } else {                               // higher than a page, with nowhere to cut
            place(from + rest);
            entry = Cut{from + rest, from + rest, 0, 0};
            newPage();
        }
    }
}

} // namespace alcuin::ui

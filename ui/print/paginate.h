#pragma once

#include <vector>

namespace alcuin::ui {

/// Where a strip may be cut: one page ends at `end`, the next goes on at `begin` (the gap between is dropped), after
/// repeating [headFrom, headTo) if that isn't empty: a table's header.
struct Cut {
    double end = 0;
    double begin = 0;
    double headFrom = 0;
    double headTo = 0;
};

/// Something long to be shown on pages: a height, and cuts in order from top to bottom.
struct Strip {
    double height = 0;
    std::vector<Cut> cuts;
};

/// A part of a strip on a page.
struct Slice {
    int strip = 0;
    double from = 0;
    double to = 0;
    double y = 0; ///< on the page, of what is at `from`
    double headFrom = 0;
    double headTo = 0; ///< drawn above y
};

using Page = std::vector<Slice>;

/// Fills pages one strip after the other.
class Paginator {
public:
    Paginator(double pageHeight, double gap) : m_height(pageHeight), m_gap(gap) {}

    void add(const Strip& strip);
    /// At least one, which may be empty.
    const std::vector<Page>& pages() const {
        return m_pages;
    }

private:
    double room() const {
        return m_height - m_y;
    }
    void newPage();

    std::vector<Page> m_pages{Page{}};
    double m_height;
    double m_gap;
    double m_y = 0; ///< used of the last page
    int m_strips = 0;
};

} // namespace alcuin::ui

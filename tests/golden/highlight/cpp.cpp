// A range that halves.
#include <vector>

namespace store {

template <typename T>
class Range final {
public:
    explicit Range(T low) : m_low(low) {}
    auto middle() const noexcept -> T { return m_low / 2; }

private:
    T m_low;
};

} // namespace store

auto text = R"x(one "two" )" // still
three)x";
constexpr int big = 1'000'000;
bool ready = true;

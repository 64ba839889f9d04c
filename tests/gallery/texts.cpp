#include "gallery/texts.h"

namespace alcuin::gallery {

QString proof() {
    return QStringLiteral(R"(The sum of the first $n$ squares is a cubic in $n$:

$$\sum_{k=1}^{n} k^2 = \frac{n(n+1)(2n+1)}{6}.$$

**Proof.** For $n = 1$ both sides are $1$. Assume it for $n$; then

\begin{align}
\sum_{k=1}^{n+1} k^2 &= \frac{n(n+1)(2n+1)}{6} + (n+1)^2 \\
                     &= \frac{(n+1)(n+2)(2n+3)}{6}.
\end{align}

The mean of a normal variable comes from the same kind of sum in the limit,

\[ \mathbb{E}[X] = \int_{-\infty}^{\infty} x\,\frac{1}{\sqrt{2\pi\sigma^2}}\,e^{-\frac{(x-\mu)^2}{2\sigma^2}}\,dx = \mu, \]

and a rotation by $\theta$ is $\begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix}$.
The absolute value is

$$|x| = \begin{cases} x & \text{if } x \ge 0,\\ -x & \text{otherwise.} \end{cases}$$)");
}

QString comparison() {
    return QStringLiteral(R"(Both are sound choices; they differ in **what you pay for**.

| Property | B-tree | LSM tree |
|:--|:-:|--:|
| Reads | one lookup per level | may touch several runs |
| Writes | in place, random | sequential, batched |
| Space | some free space in pages | copies until compaction |

1. Measure your own mix first.
2. Then decide:
   - mostly reads: a *B-tree*,
   - mostly writes: an *LSM tree*.
     - [x] compaction can be throttled
     - [ ] space is cheap

> "Make it work, then make it fast" holds for storage engines, too.[^1]

See the [manual](https://www.sqlite.org/fileformat2.html) for one of the two.

[^1]: And for most other programs.)");
}

QString program() {
    return QStringLiteral(R"(In C++:

```cpp
#include <algorithm>
#include <vector>

/// The k largest values, largest first.
template <typename T>
std::vector<T> largest(std::vector<T> values, std::size_t k) {
    k = std::min(k, values.size()); // never more than there are
    std::partial_sort(values.begin(), values.begin() + k, values.end(), std::greater<>{});
    values.resize(k);
    return values;
}
```

In Python the library has it already:

```python
import heapq

def largest(values: list[float], k: int) -> list[float]:
    """The k largest values, largest first."""
    return heapq.nlargest(max(k, 0), values)  # O(n log k)
```

And in a shell: `sort -rn numbers.txt | head -n 5`, or

```sh
for file in *.txt; do
    printf '%s: ' "$file"; sort -rn "$file" | head -n 1
done
```)");
}

QString thinking() {
    return QStringLiteral("The question asks for the sum of the first n squares. I remember the closed form, but it "
                          "should be shown, not only stated.\n\nInduction is the shortest way. Let me check the step: "
                          "n(n+1)(2n+1)/6 + (n+1)^2 = (n+1)(2n^2 + 7n + 6)/6, and 2n^2 + 7n + 6 = (n+2)(2n+3). Good.");
}

QString arabic() {
    return QString::fromUtf8("البحث الثنائي **سريع** في القوائم `std::vector` المرتبة:\n\n1. خذ العنصر الأوسط.\n2. "
                             "قارنه بما تبحث عنه.\n\n> التفاصيل هي الصعوبة.\n\n```python\nprint(\"hello\")\n```\n\n"
                             "والمجموع هو $\\sum_{k=1}^{n} k$.");
}

QString essay(int paragraphs) {
    QString text;
    for (int i = 0; i < paragraphs; ++i) {
        text += QStringLiteral("The river had risen in the night, and by morning the lower fields stood under water. "
                               "Nobody was surprised: it did so every third spring or so, and the houses had been "
                               "built where the oldest marks on the church wall ended.\n\n");
    }
    return text.trimmed();
}

} // namespace alcuin::gallery

#include "ui/chat/sample.h"

namespace alcuin::tests {

app::MessageView question(const QString& text) {
    app::MessageView view;
    view.id = QUuid::createUuid();
    view.role = app::Role::kUser;
    view.text = text;
    view.siblings = {view.id};
    return view;
}

app::MessageView answer(const QString& text) {
    app::MessageView view;
    view.id = QUuid::createUuid();
    view.role = app::Role::kAssistant;
    view.text = text;
    view.siblings = {view.id};
    view.modelName = QStringLiteral("SmolLM2 135M Instruct");
    view.measurements.completionTokens = 42;
    view.measurements.decodeTokensPerSecond = 31.4;
    view.measurements.timeToFirstTokenMs = 350;
    return view;
}

QString richAnswer() {
    return QStringLiteral(
        R"(A **binary search** halves the interval at every step, so it needs *at most* `log2(n) + 1` comparisons. See
the [C++ reference](https://en.cppreference.com/w/cpp/algorithm/lower_bound) for what the library offers.

## How it works

1. Take the middle element.
2. Compare it with the one you look for:
   - smaller: go on in the *upper* half,
   - larger: go on in the **lower** half,
     - and so on.
3. Stop when the interval is empty.

```cpp
#include <span>

/// The first index whose value isn't less than `wanted`, or values.size().
std::size_t lowerBound(std::span<const int> values, int wanted) {
    std::size_t low = 0, high = values.size(); // the answer lies in [low, high], and both ends move towards it
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (values[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
```

> The difficulty lies in the details: an overflow in the sum of both ends stood unnoticed in textbooks for years.
>
> That is why the middle is computed as a difference.

### Compared

| Method | Comparisons | Needs order | Remark |
|:--|--:|:-:|---|
| Linear search | n | no | good for a handful of values |
| Binary search | log2 n | yes | the usual choice; `std::lower_bound` does it for every random-access range |
| Hashing | 1 | no | takes memory, and has no order |

- [x] sorted input
- [ ] duplicates counted

---

That is ~~all~~ nearly all. Questions?)");
}

QString notedAnswer() {
    return QStringLiteral(
        R"(Water is H<sub>2</sub>O[^formula]. At sea level it boils at 100 °C[^boil] and freezes at 0 °C, and 1 m<sup>3</sup> of
it weighs about 1000 kg[^formula]. Press <kbd>Ctrl</kbd>+<kbd>F</kbd> to find <mark>what is marked</mark>, <u>underlined</u>
or ~~gone~~.

1. A numbered item,
   > with a quote inside
   > - and a list in it.
2. Another:
   - [x] done
   - [ ] to do<br>on two lines

| Unit | Meaning |
|:--|:--|
| m s<sup>-1</sup> | speed<br>metres a second |

[^formula]: Two parts of hydrogen, one of oxygen; see the [list](https://example.org/water).
[^boil]: On a mountain it boils earlier.

    At 3000 m, at about 90 °C.
)");
}

QString rightToLeftAnswer() {
    return QString::fromUtf8(
        "\xD8\xA7\xD9\x84\xD8\xA8\xD8\xAD\xD8\xAB \xD8\xA7\xD9\x84\xD8\xAB\xD9\x86\xD8\xA7\xD8\xA6"
        "\xD9\x8A **\xD8\xB3\xD8\xB1\xD9\x8A\xD8\xB9** \xD9\x81\xD9\x8A \xD8\xA7\xD9\x84\xD9\x82"
        "\xD9\x88\xD8\xA7\xD8\xA6\xD9\x85 `std::vector` \xD8\xA7\xD9\x84\xD9\x85\xD8\xB1\xD8\xAA"
        "\xD8\xA8\xD8\xA9:\n\n1. \xD8\xA7\xD9\x84\xD8\xA3\xD9\x88\xD9\x84\n2. \xD8\xA7\xD9\x84"
        "\xD8\xAB\xD8\xA7\xD9\x86\xD9\x8A\n\n> \xD8\xA7\xD9\x82\xD8\xAA\xD8\xA8\xD8\xA7\xD8\xB3\n\n"
        "```python\nprint(\"hello\")\n```\n");
}

QList<app::MessageView> longPath(int turns) {
    QList<app::MessageView> path;
    for (int i = 0; i < turns; ++i) {
        if (i % 2 == 0) {
            path.append(question(QStringLiteral("Question number %1?").arg(i)));
            continue;
        }
        QString text = QStringLiteral("Answer number %1.\n\n").arg(i);
        for (int k = 0; k < i % 7; ++k) {
            text += QStringLiteral("Paragraph %1 of it goes on for a while, long enough to be broken into some lines "
                                   "when the window is not very wide.\n\n- a point\n- another point\n\n")
                        .arg(k);
        }
        if (i % 5 == 0) {
            text += QStringLiteral("```\ncode\nmore code\n```\n");
        }
        path.append(answer(text));
    }
    return path;
}

QString mathAnswer() {
    return QString::fromUtf8(R"(## Quadratic equations

The equation $ax^2 + bx + c = 0$ with $a \neq 0$ has the solutions

$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

where \(\Delta = b^2 - 4ac\) is the **discriminant**. If $\Delta > 0$ there are two of them, and their sum is $x_1 + x_2 = -\frac{b}{a}$, their product $x_1 x_2 = \frac{c}{a}$ (Vieta). A line that is long enough to be broken holds $\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$, $\int_0^1 x^2\,dx = \tfrac13$, $\lim_{n\to\infty} \left(1 + \frac{1}{n}\right)^n = e$ and $e^{i\pi} + 1 = 0$.

1. Complete the square:
   $$\left(x + \frac{b}{2a}\right)^2 = \frac{b^2 - 4ac}{4a^2}$$
2. Take the root of both sides, $\sqrt{\Delta} \ge 0$.
   - A matrix: $\begin{pmatrix} a & b \\ c & d \end{pmatrix}$
   - Something that isn't known: $\nosuch{H2O}$ stays as it is

\begin{align}
(a+b)^2 &= (a+b)(a+b) \\
&= a^2 + 2ab + b^2
\end{align}

| Function | Derivative | Integral |
|---|:-:|---|
| $x^n$ | $n x^{n-1}$ | $\frac{x^{n+1}}{n+1} + C$ |
| $\sin x$ | $\cos x$ | $-\cos x + C$ |
| $|x|$ | $\operatorname{sgn} x$ | $\frac{x|x|}{2} + C$ |

> A quoted one: \[ f(x) = \begin{cases} x & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases} \]

One that is wider than the column:

$$
(1+x)^{12} = 1 + 12x + 66x^2 + 220x^3 + 495x^4 + 792x^5 + 924x^6 + 792x^7 + 495x^8 + 220x^9 + 66x^{10} + 12x^{11} + x^{12} = \sum_{k=0}^{12} \binom{12}{k} x^k
$$

It costs $5 or $10, and `$HOME` is code. Unknown: \[ \unknown{x} \]
)");
}

} // namespace alcuin::tests

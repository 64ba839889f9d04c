#include <QPainterPath>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "theme/icons.h"

namespace alcuin::ui {

namespace {

/// Reads numbers and commands one after the other.
class Reader {
public:
    explicit Reader(const char* data) : m_at(data) {}

    void skipSpace() {
        while (*m_at == ' ' || *m_at == ',' || *m_at == '\n') {
            ++m_at;
        }
    }
    bool atEnd() {
        skipSpace();
        return *m_at == '\0';
    }
    /// A command letter, or 0 when numbers go on.
    char command() {
        skipSpace();
        return std::isalpha(static_cast<unsigned char>(*m_at)) != 0 ? *m_at++ : '\0';
    }
    /// Plain decimal notation, whatever the locale says.
    double number() {
        skipSpace();
        const bool negative = *m_at == '-';
        m_at += negative ? 1 : 0;
        double value = 0;
        bool any = false;
        for (; *m_at >= '0' && *m_at <= '9'; ++m_at, any = true) {
            value = value * 10 + (*m_at - '0');
        }
        if (*m_at == '.') {
            double place = 0.1;
            for (++m_at; *m_at >= '0' && *m_at <= '9'; ++m_at, any = true, place /= 10) {
                value += (*m_at - '0') * place;
            }
        }
        m_failed = m_failed || !any;
        return negative ? -value : value;
    }
    bool failed() const {
        return m_failed;
    }

private:
    const char* m_at;
    bool m_failed = false;
};

/// A part of a circle from the current point to `end`.
/// Source: SVG 1.1, appendix F.6.5, for equal radii and no rotation.
void arc(QPainterPath& path, double radius, bool large, bool sweep, QPointF end) {
    const QPointF start = path.currentPosition();
    const QPointF half = (end - start) / 2;
    const double distance = std::hypot(half.x(), half.y());
    if (distance <= 0) {
        return;
    }
    radius = std::max(radius, distance);
    const double height = std::sqrt(std::max(0.0, radius * radius - distance * distance));
    const double side = large == sweep ? -1.0 : 1.0;
    const QPointF centre = (start + end) / 2 + QPointF(-half.y(), half.x()) * (side * height / distance);
    // QPainterPath counts angles against the clock, with y upwards.
    const auto angle = [&](QPointF p) {
        return std::atan2(centre.y() - p.y(), p.x() - centre.x()) * 180.0 / std::numbers::pi;
    };
    double span = angle(end) - angle(start);
    if (sweep && span > 0) {
        span -= 360;
    } else if (!sweep && span < 0) {
        span += 360;
    }
    path.arcTo(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius), angle(start), span);
}

bool step(QPainterPath& path, Reader& in, char command) {
    const QPointF at = path.currentPosition();
    switch (command) {
    case 'M':
    case 'L': {
        const double x = in.number();
        const QPointF to(x, in.number());
        command == 'M' ? path.moveTo(to) : path.lineTo(to);
        return true;
    }
    case 'H':
        path.lineTo(in.number(), at.y());
        return true;
    case 'V':
        path.lineTo(at.x(), in.number());
        return true;
    case 'C': {
        double v[6];
        for (double& value : v) {
            value = in.number();
        }
        path.cubicTo(v[0], v[1], v[2], v[3], v[4], v[5]);
        return true;
    }
    case 'A': {
        double v[7];
        for (double& value : v) {
            value = in.number();
        }
        arc(path, v[0], v[3] != 0, v[4] != 0, {v[5], v[6]});
        return true;
    }
    case 'Z':
        path.closeSubpath();
        return true;
    default:
        return false;
    }
}

} // namespace

QPainterPath parsePathData(const char* data) {
    QPainterPath path;
    Reader in(data);
    char command = '\0';
    while (!in.atEnd()) {
        const char next = in.command();
        if (next == '\0' && command == 'Z') {
            return {};
        }
        command = next == '\0' ? command : next;
        if (!step(path, in, command) || in.failed()) {
            return {};
        }
    }
    return path;
}

} // namespace alcuin::ui

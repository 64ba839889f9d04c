#include "chat/markdown/block.h"

#include <QCoreApplication>

#include <array>

namespace alcuin::ui::markdown {

namespace {

struct AlertWords {
    Q_DECLARE_TR_FUNCTIONS(alcuin::ui::markdown::Alert)
};

constexpr std::array kMarks{"", "[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"};

} // namespace

Alert alertMarked(QStringView mark) {
    for (std::size_t i = 1; i < kMarks.size(); ++i) {
        if (mark.compare(QLatin1String(kMarks[i]), Qt::CaseInsensitive) == 0) {
            return Alert(i);
        }
    }
    return Alert::kNone;
}

QString alertMark(Alert alert) {
    return QLatin1String(kMarks[std::size_t(alert)]);
}

QString alertTitle(Alert alert) {
    switch (alert) {
    case Alert::kNone:
        break;
    case Alert::kNote:
        return AlertWords::tr("Note");
    case Alert::kTip:
        return AlertWords::tr("Tip");
    case Alert::kImportant:
        return AlertWords::tr("Important");
    case Alert::kWarning:
        return AlertWords::tr("Warning");
    case Alert::kCaution:
        return AlertWords::tr("Caution");
    }
    return {};
}

Alert titledAlert(const Block& block) {
    const bool titles = !block.containers.isEmpty() && block.containers.last().first && !block.continues;
    return titles ? block.containers.last().alert : Alert::kNone;
}

} // namespace alcuin::ui::markdown

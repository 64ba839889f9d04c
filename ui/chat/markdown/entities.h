#pragma once

#include <QString>

namespace alcuin::ui::markdown {

/// What an HTML entity ("&amp;", "&#8212;", "&#x1F600;") stands for. A name not known here stays as it was written,
/// which says more than a box would.
QString resolveEntity(const QString& entity);

} // namespace alcuin::ui::markdown

#pragma once

#include <QList>
#include <QString>

#include "gallery/stage.h"

namespace alcuin::gallery {

/// How an exchange of the long conversation goes.
enum class Course { kPlain, kStopped, kCutOff, kContinued, kFailed, kEmpty, kBranches, kEdited };

/// A question and what is answered, as a file under conversation/ has them: each part begins with a line of its own,
/// "%% question", "%% attach NAME", "%% thinking", "%% end COURSE", "%% answer".
struct Exchange {
    QString question;
    QString file;     ///< name of one that goes with the question; empty: none
    QString thinking; ///< empty: none
    QString answer;
    Course course = Course::kPlain;
};

/// All that are written, in the order in which they are talked through: kinds of text take turns. Empty where a file
/// can't be read or says what isn't known.
QList<Exchange> writtenExchanges();

/// Has it asked and answered in the window.
void play(Stage& stage, const Exchange& exchange);

} // namespace alcuin::gallery

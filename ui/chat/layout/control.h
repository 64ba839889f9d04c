#pragma once

namespace alcuin::ui {

enum class ControlKind {
    kDisclosure,
    kLink,
    kCopyCode,
    kSaveCode,
    kRetry,
    kChooseModel,
    kPrevious,
    kNext,
    kCopy,
    kEdit, ///< a question is asked anew, an answer rewritten
    kRegenerate,
    kRegenerateWith,
    kContinue,
    kDetails,
    kFile, ///< `link` says which
    kShowSummary,
    kUndoSummary
};

/// The two flows of blocks a turn may have.
enum class Part { kReasoning, kAnswer };

/// Something in a turn that can be pressed. `part`, `block` and `link` say which for links and code.
struct Control {
    ControlKind kind = ControlKind::kCopy;
    Part part = Part::kAnswer;
    int block = -1;
    int link = -1;

    bool operator==(const Control&) const = default;
};

} // namespace alcuin::ui

#pragma once

#include <optional>

#include "chat/layout/control.h"

namespace alcuin::ui {

class TranscriptView;

/// Makes screen readers see a TranscriptView as a list of turns. May be called more than once.
void installTranscriptAccessibility();

/// Tells them that the turns are others now, or where the keyboard is. Nothing happens while none listens.
void noteTurnsChanged(TranscriptView& view);
void noteFocus(TranscriptView& view, int turn, const std::optional<Control>& control);

} // namespace alcuin::ui

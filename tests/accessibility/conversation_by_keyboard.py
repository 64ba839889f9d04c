"""Completes a whole conversation with the keyboard alone and reads out, through AT-SPI, what a screen reader would.

Usage: dbus-run-session -- python3 conversation_by_keyboard.py ALCUIN
The model comes from $ALCUIN_MODEL_DIR or the user's model directory.
Exit code 77: this machine lacks something, which is said.
"""

import os
import sys
import tempfile

import desktop

SKIPPED = 77
USABLE = ("button", "entry", "text", "list item", "menu item", "check box", "radio button", "combo box", "slider",
          "spin button", "toggle button", "push button", "page tab", "link", "tree item", "table cell")


def say(words):
    print(words, flush=True)


def names_of_all(program):
    """Every control that can be used has a name, and every button, the keyboard's or not."""
    nameless = []
    for node in program.everything():
        role = node.getRoleName()
        usable = program.has(node, program.atspi.STATE_FOCUSABLE) and role in USABLE
        if (usable or "button" in role) and not node.name:
            nameless.append(role)
    assert not nameless, f"controls without a name: {nameless}"


def walk_around(program, most=60):
    """Tab until the keyboard is where it began. What is read out on the way."""
    read = []
    first = program.focused()
    for _ in range(most):
        program.press("Tab")
        node = desktop.wait_for("something that has the keyboard", program.focused)
        words = program.describe(node)
        assert "(no name)" not in words, f"the keyboard is on something without a name: {words}"
        if node == first:
            return read
        read.append(words)
        say(f"  Tab: {words}")
    raise AssertionError("Tab never came back to where it began")


def answer_of(program, question):
    """The finished answer below a question, which a long answer moves out of view; None while there is none."""
    turns = [node for node in program.everything(scrolled_away=True)
             if node.getRoleName() == "list item" and desktop.text_of(node)]
    texts = [desktop.text_of(turn) for turn in turns]
    busy = any(program.has(turn, program.atspi.STATE_BUSY) for turn in turns)
    for place, text in enumerate(texts):
        if question in text and place + 1 < len(texts) and texts[place + 1].strip() and not busy:
            return texts[place + 1]
    return None


def send(program, question):
    """Presses Return until the question is among the turns; says where once wasn't enough. Then waits for its answer."""
    for attempt in range(4):
        program.press("Return")
        try:
            return desktop.wait_for("the answer", lambda: answer_of(program, question), 12)
        except AssertionError:
            node = program.focused()
            waiting = node is not None and question in desktop.text_of(node)
            say(f"after 12 s: {'the question is still in the composer' if waiting else 'the answer goes on; it is stopped'}")
            if not waiting:
                program.press("Escape")
    raise AssertionError("no answer came")


def converse(program):
    composer = desktop.wait_for("the composer to have the keyboard",
                                lambda: (node := program.focused()) and program.has(node, program.atspi.STATE_EDITABLE)
                                and node)
    window = program.root.getChildAtIndex(0)
    assert (window.getRoleName(), window.name) == ("frame", "Alcuin"), f"the window is read as {program.describe(window)}"
    say(f"start: {program.describe(composer)}")
    names_of_all(program)

    question = "What is the capital of France?"
    program.type(question)
    assert question in desktop.text_of(program.focused()), "what was typed isn't in the composer"
    desktop.wait_for("the model", lambda: any("Send" in node.name and program.has(node, program.atspi.STATE_ENABLED)
                                              for node in program.everything()))
    answer = send(program, question)
    say(f"answer: {answer}")
    names_of_all(program)

    say("around the window:")
    around = walk_around(program)
    assert len(around) >= 5, "Tab reaches too little"

    say("a second conversation, and back:")
    program.press("ctrl+n")
    desktop.wait_for("an empty composer", lambda: (node := program.focused()) and
                     program.has(node, program.atspi.STATE_EDITABLE) and not desktop.text_of(node))
    second = "Name a river."
    program.type(second)
    say(f"answer: {send(program, second)}")
    program.press("ctrl+Page_Down")
    desktop.wait_for("the first conversation", lambda: answer_of(program, question))
    say("the first conversation is shown again")

    program.press("ctrl+l")
    composer = program.focused()
    assert program.has(composer, program.atspi.STATE_EDITABLE), "Ctrl+L doesn't lead to the composer"
    say(f"Ctrl+L: {program.describe(composer)}")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    share = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    models = os.environ.get("ALCUIN_MODEL_DIR") or os.path.join(share, "alcuin", "models")
    try:
        import pyatspi  # noqa: F401
    except ImportError:
        say("skipped: python3-pyatspi isn't installed")
        return SKIPPED
    if not os.path.isdir(models) or not any(name.endswith(".gguf") for name in os.listdir(models)):
        say("skipped: the small model isn't in the model directory; run ./dev model")
        return SKIPPED
    os.environ["ALCUIN_MODEL_DIR"] = models
    try:
        with desktop.XServer(), tempfile.TemporaryDirectory() as data:
            program = desktop.Program([sys.argv[1], "--data-dir", data], "alcuin")
            try:
                converse(program)
            finally:
                program.close()
    except desktop.Missing as missing:
        say(f"skipped: {missing}")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())

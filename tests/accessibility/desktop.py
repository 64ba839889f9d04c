"""A desktop for one program: an X server, a session bus and an accessibility bus of its own, and what a screen reader
sees of the program. Needs Debian's python3-pyatspi, at-spi2-core, xvfb and xdotool."""

import os
import subprocess
import time

PATIENCE = 60


class Missing(Exception):
    """Something this machine lacks."""


def wait_for(what, look, seconds=PATIENCE):
    """The first result of `look` that isn't false; an error that says `what` when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = look()
        except Exception as error:  # the tree changes while it is read: look again
            found = None
            last = error
        else:
            last = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for {what}" + (f" ({last})" if last else ""))


class XServer:
    def __enter__(self):
        read_end, write_end = os.pipe()
        try:
            self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x900x24",
                                            "-nolisten", "tcp"], pass_fds=[write_end], stderr=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise Missing("Xvfb isn't installed") from error
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise Missing("Xvfb doesn't start here")
        os.environ["DISPLAY"] = f":{number}"
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


class Program:
    """A program as a screen reader and a keyboard know it."""

    def __init__(self, command, name):
        import pyatspi
        self.atspi = pyatspi
        environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
        self.process = subprocess.Popen(command, env=environment)
        self.name = name
        self.root = wait_for(f"{name} on the accessibility bus", self._application)
        window = wait_for("its window on the screen", self._window)
        subprocess.run(["xdotool", "windowfocus", "--sync", window], check=True)

    def _application(self):
        desktop = self.atspi.Registry.getDesktop(0)
        for i in range(desktop.childCount):
            child = desktop.getChildAtIndex(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def _window(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(self.process.pid)],
                               capture_output=True, text=True, check=False).stdout.split()
        return found[0] if found else None

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def press(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)
        time.sleep(0.15)

    def type(self, text):
        subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)
        time.sleep(0.2)

    def everything(self, node=None, depth=0, scrolled_away=False):
        """All that is shown, parents first; with `scrolled_away` the turns out of view too."""
        node = node or self.root
        yield node
        if depth < 40:
            for i in range(node.childCount):
                child = node.getChildAtIndex(i)
                if child is not None and (self.has(child, self.atspi.STATE_SHOWING) or
                                          scrolled_away and child.getRoleName() == "list item"):
                    yield from self.everything(child, depth + 1, scrolled_away)

    def has(self, node, state):
        return node.getState().contains(state)

    def focused(self):
        """The innermost thing that has the keyboard."""
        found = None
        for node in self.everything():
            # Parts of a control that share its focus, a text's viewport say, can't be focused themselves.
            if not self.has(node, self.atspi.STATE_FOCUSED) or not self.has(node, self.atspi.STATE_FOCUSABLE):
                continue
            # Qt calls a list's current item focused while the keyboard is elsewhere.
            if node.getRoleName() == "list item" and not self.has(node.parent, self.atspi.STATE_FOCUSED):
                continue
            found = node
        return found

    def describe(self, node):
        """What is read out: name, role, and whether it can be used."""
        words = f"{node.name or text_of(node) or '(no name)'}, {node.getRoleName()}"
        return words + ("" if self.has(node, self.atspi.STATE_ENABLED) else ", unavailable")


def text_of(node):
    try:
        text = node.queryText()
        return text.getText(0, text.characterCount)
    except NotImplementedError:
        return ""

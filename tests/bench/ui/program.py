"""The window's program seen from outside: how soon it can be used, and what it does when nobody looks."""

import os
import pathlib
import signal
import subprocess
import threading
import time

USABLE = "The window can be used."


def start(alcuin, data, environment, timeout=60, log="info", models=None):
    """Starts the window and waits until it can be used. Returns the process and the seconds that took.

    `models` is the folder with models in place of the user's own. What it logs from then on is in `process.log`: (moment, line), the moment as time.monotonic() has it.
    """
    began = time.monotonic()
    models = models or os.environ.get("ALCUIN_MODEL_DIR") or os.path.join(
        os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"), "alcuin", "models")
    process = subprocess.Popen([alcuin, "--data-dir", data],
                               env={**environment, "ALCUIN_MODEL_DIR": models, "ALCUIN_LOG": log},
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for line in process.stderr:
        if USABLE in line:
            took = time.monotonic() - began
            process.log = []
            process.reader = threading.Thread(target=listen, args=(process,), daemon=True)
            process.reader.start()
            return process, took
        if time.monotonic() - began > timeout:
            break
    process.kill()
    raise RuntimeError("the window didn't come up")


def listen(process):
    """Keeps what the program says, so that its pipe is never full."""
    for line in process.stderr:
        process.log.append((time.monotonic(), line.rstrip()))


def stop(process):
    """Ends it as the end of a session does."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.reader.join()
    process.stderr.close()


def wake_ups(process):
    """How often each thread has given its processor away and come back, so far: name -> count."""
    counts = {}
    for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir():
        status = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines() if ":" in line)
        counts[f"{status['Name'].strip()} {task.name}"] = int(status["voluntary_ctxt_switches"])
    return counts


class Screen:
    """An X server of its own, for as long as the block lasts."""

    def __enter__(self):
        read_end, write_end = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
                                       pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb didn't start")
        self.environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("WAYLAND_DISPLAY", None)
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def hide(self, process):
        """Takes the process's windows off the screen."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)], env=self.environment,
                               capture_output=True, text=True, check=True).stdout.split()
        for window in found:
            subprocess.run(["xdotool", "windowunmap", "--sync", window], env=self.environment, check=True)
        return len(found)

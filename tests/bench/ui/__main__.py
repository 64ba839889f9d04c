"""Measures what the window costs while the engine decodes on all cores, how soon it starts, and whether it sleeps.

Run as `./dev bench ui`; `--help` lists the options.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import program


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench ui",
        description="Opening, scrolling and streaming while the engine decodes on all cores; the start; a hidden "
                    "window's sleep. The search has a bench of its own: ./dev bench search.")
    parser.add_argument("--starts", type=int, default=7, help="how often the program is started (default: %(default)s)")
    parser.add_argument("--history", type=pathlib.Path,
                        help="a folder with an alcuin.db, as ./dev bench search --directory fills one, to start with in "
                             "place of an empty history; it is worked on as the program does")
    parser.add_argument("--idle-seconds", type=int, default=60,
                        help="how long the hidden window is watched; 0: not (default: %(default)s)")
    parser.add_argument("--build", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def window(build):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*.warning=false"}
    subprocess.run([build / "tests" / "alcuin_ui_bench"], env=environment, check=True)


def starts(alcuin, screen, count, history):
    with tempfile.TemporaryDirectory() as empty:
        data = history or empty
        seconds = []
        for _ in range(count + 1):  # the first one is cold
            process, took = program.start(alcuin, data, screen.environment)
            program.stop(process)
            seconds.append(took)
    warm = seconds[1:]
    print(f"start to usable window, warm: median {1000 * statistics.median(warm):.0f} ms, most {1000 * max(warm):.0f} ms "
          f"of {len(warm)} (the first: {1000 * seconds[0]:.0f} ms; aim 500)", flush=True)


def sleep(alcuin, screen, seconds, with_model):
    """Counts who wakes up in a hidden window, and says what for."""
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as nothing:
        process, _ = program.start(alcuin, data, screen.environment, log="debug", models=None if with_model else nothing)
        time.sleep(5)  # the model is loaded meanwhile
        if screen.hide(process) == 0:
            raise RuntimeError("no window to hide was found")
        time.sleep(3)
        began = time.monotonic()
        before = program.wake_ups(process)
        time.sleep(seconds)
        after = program.wake_ups(process)
        reasons = [line for moment, line in list(process.log) if moment > began and "woken for" in line]
        program.stop(process)
    woken = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    kind = "with the model there is" if with_model else "without a model"
    print(f"a hidden window in {seconds} s, {kind}: {sum(woken.values())} wake-ups of {len(after)} threads (aim 0) {woken or ''}",
          flush=True)
    for reason in reasons:
        print(f"    {reason}", flush=True)


def main():
    chosen = arguments()
    alcuin = chosen.build / "bin" / "alcuin"
    try:
        window(chosen.build)
        with program.Screen() as screen:
            starts(alcuin, screen, chosen.starts, chosen.history)
            if chosen.idle_seconds > 0:
                for with_model in (False, True):
                    sleep(alcuin, screen, chosen.idle_seconds, with_model)
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"bench ui: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

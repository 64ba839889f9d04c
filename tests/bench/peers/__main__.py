"""Measures alcuin beside llama.cpp on this machine, by turns, and says how far ahead it is.

Run as `./dev bench peers`; `--help` lists the options. Needs Python 3 alone; the first run downloads the source package
of llama-cpp-python from PyPI and builds its llama.cpp for this processor, which takes some minutes.
"""

import argparse
import json
import os
import pathlib
import sys

import build
import files
import report
import runs


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench peers",
        description="Measures alcuin and llama.cpp by turns: same files, threads, 16-bit state, flash attention on.")
    parser.add_argument("--files", default="q4_0,q4_k_m,q8_0,smollm2",
                        help="what to measure, separated by commas: q4_0, q4_k_m, q8_0 (random weights in the shape of "
                             "R1-Distill-Qwen-1.5B), smollm2, or paths of GGUF files (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="two rounds, nothing at depth")
    parser.add_argument("--rounds", type=int, help="turns of both (default: 5; quick: 2)")
    parser.add_argument("--deep-rounds", type=int,
                        help="turns at depth 8192, where the peer needs minutes each (default: 1; quick: 0)")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)),
                        help="of both (default: %(default)s)")
    parser.add_argument("--json", metavar="FILE",
                        help="write what was found to this file too; -: print it instead of the table")
    parser.add_argument("--under", default="", metavar="COMMAND", help="a command to run every measurement under")
    parser.add_argument("--cache", type=pathlib.Path, default=files.cache_directory(),
                        help="where the peer and the models of random weights are kept (default: %(default)s)")
    parser.add_argument("--peer-bin", type=pathlib.Path, nargs="+", metavar="DIRECTORY",
                        help="where llama-bench and llama-batched-bench lie, instead of building them; a second one: "
                             "where they were built without AMX")
    parser.add_argument("--skip-build", action="store_true", help="build nothing: what is there is measured")
    parser.add_argument("--also", default="", metavar="TARGETS",
                        help="further programs of the peer to build, separated by commas: llama-server, ...")
    parser.add_argument("--alcuin", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--smollm2", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (2 if chosen.quick else 5)
    if chosen.deep_rounds is None:
        chosen.deep_rounds = 0 if chosen.quick else 1
    return chosen


def main():
    chosen = arguments()
    try:
        if chosen.peer_bin:
            programs = dict(zip(("native", "no AMX"), chosen.peer_bin))
        else:
            also = [name for name in chosen.also.split(",") if name]
            programs = build.peers(chosen.cache, not chosen.skip_build, also)
        models = files.find(chosen.files.split(","), chosen.alcuin, chosen.smollm2, chosen.cache / "models")
        measured = runs.Session(chosen.alcuin, programs, chosen.threads, chosen.under.split()).measure(
            models, chosen.rounds, chosen.deep_rounds)
    except (build.Failed, files.Failed, runs.Failed) as failed:
        sys.exit(f"peers: {failed}")
    built = f"as it lies in {chosen.peer_bin[0]}" if chosen.peer_bin else build.DESCRIPTION
    found = {"peer_build": built, **report.compare(measured)}
    if chosen.json == "-":
        print(json.dumps(found, indent=2))
        return
    print(report.table(found))
    if chosen.json:
        pathlib.Path(chosen.json).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

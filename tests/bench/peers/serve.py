"""Serves many clients with alcuin and with llama-server by turns, and says how far ahead alcuin is.

Run as `./dev bench serve`; `--help` lists the options. The peer is the one of `./dev bench peers`.
"""

import argparse
import json
import os
import pathlib
import sys

import build
import files
import prompts
import runs
import serve_report

PROMPT = (128, 512)
OUTPUT = (128, 256)
QUICK_S = 10
SERVER = "llama-server"


def arguments():
    parser = argparse.ArgumentParser(
        prog="./dev bench serve",
        description="Clients in a closed loop against alcuin's executor and against llama-server by turns: same file, "
                    "threads, prompts, sampling, 16-bit state, flash attention on; as many slots as clients.")
    parser.add_argument("--file", default="q4_0",
                        help="q4_0, q4_k_m, q8_0 (random weights in the shape of R1-Distill-Qwen-1.5B), smollm2, or the "
                             "path of a GGUF file (default: %(default)s)")
    parser.add_argument("--clients", default="1,8,32", help="each number is measured (default: %(default)s)")
    parser.add_argument("--seconds", type=float,
                        help="of the window that counts, after all clients had a first token (default: 32 for one "
                             f"client, 90 for many; quick: {QUICK_S})")
    parser.add_argument("--rounds", type=int, default=1, help="turns of both (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="short windows; figures vary more")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of both")
    parser.add_argument("--json", metavar="FILE",
                        help="write what was found to this file too; -: print it instead of the table")
    parser.add_argument("--under", default="", metavar="COMMAND", help="a command to run every measurement under")
    parser.add_argument("--cache", type=pathlib.Path, default=files.cache_directory(),
                        help="where the peer and the models of random weights are kept (default: %(default)s)")
    parser.add_argument("--skip-build", action="store_true", help="build nothing: what is there is measured")
    parser.add_argument("--variant", help="measure this variant of the peer, without trying which is the fastest")
    parser.add_argument("--alcuin", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--smollm2", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    chosen.clients = [int(count) for count in chosen.clients.split(",")]
    return chosen


def window(chosen, clients):
    if chosen.seconds:
        return chosen.seconds
    return QUICK_S if chosen.quick else min(30 + 2 * clients, 90)


class Serving:
    """Both sides on one file."""

    def __init__(self, chosen, model, session):
        self.chosen = chosen
        self.model = model
        self.session = session
        self.vocabulary = None

    def ours(self, clients):
        command = [self.chosen.alcuin, "bench", "-m", self.model.path, "--serve-like", "--clients", clients, "--seconds",
                   window(self.chosen, clients), "--prompt-tokens", join(PROMPT), "--output-tokens", join(OUTPUT),
                   "--seed", self.chosen.seed, "--threads", self.chosen.threads, "--json"]
        found = json.loads(self.session.must_run(command))
        self.vocabulary = found["vocabulary"]
        asked = prompts.Requests(PROMPT, OUTPUT, self.chosen.seed, self.vocabulary, clients).first()
        if asked != found["first_request"]:
            raise runs.Failed(f"the two sides don't ask the same: {found['first_request']} and {asked}")
        return found["results"][0]

    def theirs(self, variant, clients):
        script = pathlib.Path(__file__).resolve().parent / "llama_server.py"
        command = [sys.executable, "-B", script, "--server", variant.programs / SERVER, "--model", self.model.path,
                   "--vocabulary", self.vocabulary, "--clients", clients, "--seconds", window(self.chosen, clients),
                   "--threads", self.chosen.threads, "--prompt-tokens", join(PROMPT), "--output-tokens", join(OUTPUT),
                   "--seed", self.chosen.seed, "--", *variant.batched]
        return json.loads(self.session.must_run(command))

    def trials(self, variants, sequences):
        """Tokens a second of every variant with so many sequences at once, their prompts included."""
        found = []
        for variant in variants:
            runs.say(f"trying the peer: {variant.name}")
            command = [variant.programs / "llama-batched-bench", "-m", self.model.path, "-c", 96 * sequences, "-npp", 64,
                       "-ntg", 32, "-npl", sequences, "-t", self.chosen.threads, "-fa", "on", "--output-format",
                       "jsonl", *variant.batched]
            code, out, _ = self.session.run(command)
            trial = {"variant": variant.name, "speed": 0.0, "ended": "well"}
            if code == 0:
                trial["speed"] = trial_speed(out)
            else:
                trial["ended"] = runs.how_it_ended(code)
            found.append(trial)
        return found

    def measure(self, variants):
        chosen = self.chosen
        many = max(chosen.clients)
        trials = []
        if chosen.variant:
            variants = [variant for variant in variants if variant.name == chosen.variant]
            if not variants:
                raise runs.Failed(f"there is no variant {chosen.variant} of the peer")
        else:
            trials = self.trials(variants, many)
            variants = [fastest(variants, trials)]
        ours = {clients: [] for clients in chosen.clients}
        theirs = {clients: [] for clients in chosen.clients}
        for turn in range(chosen.rounds):
            for clients in chosen.clients:
                runs.say(f"round {turn + 1} of {chosen.rounds}: {clients} clients")
                sides = [lambda: ours[clients].append(self.ours(clients)),
                         lambda: theirs[clients].append(self.theirs(variants[0], clients))]
                for side in sides if turn % 2 == 0 else reversed(sides):
                    side()
        return {"model": self.model.name, "threads": chosen.threads, "rounds": chosen.rounds, "seed": chosen.seed,
                "trial_sequences": many, "trials": trials, "variant": variants[0].name, "ours": ours, "theirs": theirs}


def join(least_and_most):
    return ",".join(map(str, least_and_most))


def trial_speed(text):
    """Tokens a second, read and written, that llama-batched-bench --output-format jsonl found."""
    return max(json.loads(line)["speed"] for line in text.splitlines() if line.startswith("{"))


def fastest(variants, trials):
    best = max(trials, key=lambda trial: trial["speed"])
    if best["speed"] == 0:
        raise runs.Failed("no variant of the peer runs: " +
                          "; ".join(f"{trial['variant']}: {trial['ended']}" for trial in trials))
    return next(variant for variant in variants if variant.name == best["variant"])


def main():
    chosen = arguments()
    try:
        programs = build.peers(chosen.cache, not chosen.skip_build, [SERVER])
        model = files.find([chosen.file], chosen.alcuin, chosen.smollm2, chosen.cache / "models")[0]
        session = runs.Session(chosen.alcuin, programs, chosen.threads, chosen.under.split())
        measured = Serving(chosen, model, session).measure(session.variants)
    except (build.Failed, files.Failed, runs.Failed) as failed:
        sys.exit(f"serve: {failed}")
    found = serve_report.compare({"peer_build": build.DESCRIPTION, **measured})
    if chosen.json == "-":
        print(json.dumps(found, indent=2))
        return
    print(serve_report.table(found))
    if chosen.json:
        pathlib.Path(chosen.json).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

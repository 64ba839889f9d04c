"""Runs both engines by turns and reads what they print."""

import json
import pathlib
import re
import signal
import subprocess
import sys
from typing import NamedTuple

DEPTH = 8192
PROMPT = 512
STEPS = 32
TOGETHER = (4, 8, 16)
REPETITIONS = 2  # within a run, on top of the rounds
PATIENCE_S = 1800
# A variant of the peer that is slower than this part of its fastest in both tests isn't measured further.
WORTH_MEASURING = 0.7
TRIALS = 3  # of each variant; the best counts, as any one may be disturbed


class Failed(Exception):
    """What could not be measured and why."""


class Work(NamedTuple):
    test: str  # prefill or decode
    count: int  # tokens of the prompt, or sequences
    depth: int


class Variant(NamedTuple):
    """A way to run the peer: what its two programs are told besides the rest."""
    name: str
    programs: pathlib.Path
    bench: tuple = ()
    batched: tuple = ()


def variants_of(programs):
    """Of the peer's builds, {"native": directory, "no AMX": directory, if there is one}."""
    native = programs["native"]
    variants = [Variant("own buffers", native),  # weights repacked for AMX or CPU_REPACK, where they can be
                Variant("plain", native, ("--repack", "0"), ("--no-repack",))]  # as they lie in the file
    if "no AMX" in programs:
        variants.append(Variant("own buffers, no AMX", programs["no AMX"]))
    return variants


def bench_samples(text):
    """Tokens a second that llama-bench -o json found, {Work: [float]}."""
    samples = {}
    for entry in json.loads(text):
        if entry["n_prompt"] > 0 and entry["n_gen"] > 0:
            continue
        work = (Work("prefill", entry["n_prompt"], entry["n_depth"]) if entry["n_prompt"] > 0 else
                Work("decode", 1, entry["n_depth"]))
        samples.setdefault(work, []).extend(entry["samples_ts"])
    return samples


def batched_samples(text):
    """Tokens a second of all sequences together that llama-batched-bench --output-format jsonl found."""
    samples = {}
    for line in text.splitlines():
        if line.startswith("{"):
            entry = json.loads(line)
            samples.setdefault(Work("decode", entry["pl"], 0), []).append(entry["speed_tg"])
    return samples


def our_samples(text):
    """What alcuin bench --json found: ({Work: [tokens a second]}, {Work: [fraction]}, limits)."""
    parsed = json.loads(text)
    speeds = {}
    fractions = {}
    for row in parsed["results"]:
        work = Work(row["test"], row["rows"], row["depth"])
        speeds.setdefault(work, []).append(row["tokens_per_second"])
        fractions.setdefault(work, []).append(row["fraction"])
    return speeds, fractions, parsed["limits"]


def buffer_lines(log):
    """Of the peer's log, what says which buffers hold the weights; tensors that it repacked are counted."""
    kept = []
    repacked = {}
    for line in log.splitlines():
        if re.search(r"model buffer size|preferred buffer type", line):
            kept.append(line.strip())
        found = re.search(r"(amx repack|repack) tensor \S+ (?:of type|with) (\S+)", line)
        if found:
            repacked[found.groups()] = repacked.get(found.groups(), 0) + 1
    kept.extend(f"{count} lines like: {how} tensor ... {kind}" for (how, kind), count in repacked.items())
    return kept


def how_it_ended(code):
    return f"crashed ({signal.Signals(-code).name})" if code < 0 else f"failed with {code}"


def add(into, samples):
    for work, values in samples.items():
        into.setdefault(work, []).extend(values)


class Session:
    """Both engines with the same threads. `under` is put in front of every command."""

    def __init__(self, alcuin, programs, threads, under):
        self.alcuin = alcuin
        self.variants = variants_of(programs)
        self.threads = threads
        self.under = under

    def measure(self, models, rounds, deep_rounds):
        """All rounds of all models; a dict that report.compare understands. An interrupt (Ctrl-C) ends it early: what
        was measured until then is kept."""
        measured = {"threads": self.threads, "rounds": rounds, "deep_rounds": deep_rounds, "limits": [], "models": []}
        for model in models:
            variants, trials = self.try_variants(model)
            measured["models"].append({"model": model, "variants": variants, "trials": trials, "ours": {},
                                       "fractions": {}, "theirs": {variant.name: {} for variant in variants}})
        try:
            for turn in range(max(rounds, deep_rounds)):
                self.take_turn(measured, turn)
        except KeyboardInterrupt:
            if not measured["limits"]:
                raise
            measured.update(rounds=min(rounds, max(turn, 1)), deep_rounds=min(deep_rounds, max(turn, 1)))
            say(f"interrupted in round {turn + 1}: this is what was measured so far")
        return measured

    def take_turn(self, measured, turn):
        """One round of all models."""
        rounds, deep_rounds = measured["rounds"], measured["deep_rounds"]
        for entry in measured["models"]:
            sides = [self.turn_of_ours, self.turn_of_theirs]
            if turn % 2 == 1:
                sides.reverse()  # so that neither always finds the machine as the other left it
            for side in sides:
                if turn < rounds:
                    say(f"round {turn + 1} of {rounds}: {entry['model'].name}")
                    side(entry, measured["limits"], 0)
                if turn < deep_rounds and not entry["model"].small:
                    say(f"round {turn + 1} of {deep_rounds} at depth {DEPTH}: {entry['model'].name}")
                    side(entry, measured["limits"], DEPTH)

    def try_variants(self, model):
        """Runs every variant shortly: those worth measuring, and what each said of its buffers and speed."""
        trials = []
        for variant in self.variants:
            ended, out, log = self.run([variant.programs / "llama-bench", *self.bench_options(model), "-p", "128", "-n",
                                        "8", "-r", str(TRIALS), "-v", *variant.bench])
            trial = {"variant": variant.name, "buffers": buffer_lines(log), "prefill": 0, "decode": 0, "ended": "well"}
            if ended == 0:
                samples = bench_samples(out)
                trial["prefill"] = max(samples[Work("prefill", 128, 0)])
                trial["decode"] = max(samples[Work("decode", 1, 0)])
            else:
                trial["ended"] = how_it_ended(ended)
            trials.append(trial)
        chosen = worth_measuring(trials, model.name)
        return [variant for variant in self.variants if variant.name in chosen], trials

    def bench_options(self, model):
        return ["-m", model.path, "-t", str(self.threads), "-fa", "1", "-ctk", "f16", "-ctv", "f16", "-o", "json"]

    def turn_of_ours(self, entry, limits, depth):
        together = ["1"] if depth > 0 or entry["model"].small else ["1", *map(str, TOGETHER)]
        command = [self.alcuin, "bench", "-m", entry["model"].path, "--prefill", str(PROMPT), "--sequences",
                   ",".join(together), "--depths", str(depth), "--steps", str(STEPS), "--repetitions", str(REPETITIONS),
                   "--threads", str(self.threads), "--json"]
        speeds, fractions, found = our_samples(self.must_run(command))
        add(entry["ours"], speeds)
        add(entry["fractions"], fractions)
        limits.append(found)

    def turn_of_theirs(self, entry, _, depth):
        model = entry["model"]
        for variant in entry["variants"]:
            into = entry["theirs"][variant.name]
            repetitions = 1 if depth > 0 else REPETITIONS
            options = ["-p", str(PROMPT), "-n", str(STEPS), "-d", str(depth), "-r", str(repetitions)]
            bench = [variant.programs / "llama-bench", *self.bench_options(model), *options, *variant.bench]
            add(into, bench_samples(self.must_run(bench)))
            if depth > 0 or model.small:
                continue
            batch = ["-m", model.path, "-c", "4096", "-npp", "16", "-ntg", str(STEPS), "-npl",
                     ",".join(map(str, TOGETHER)), "-t", str(self.threads), "-fa", "on", "-ctk", "f16", "-ctv", "f16",
                     "--output-format", "jsonl"]
            batched = [variant.programs / "llama-batched-bench", *batch, *variant.batched]
            add(into, batched_samples(self.must_run(batched)))

    def must_run(self, command):
        code, out, log = self.run(command)
        if code != 0:
            raise Failed(f"{' '.join(map(str, command))} {how_it_ended(code)}:\n{log[-2000:]}")
        return out

    def run(self, command):
        try:
            done = subprocess.run([*self.under, *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=PATIENCE_S, check=False, encoding="utf-8", errors="replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Failed(str(error)) from error
        # A shell in between reports a signal as 128 and its number.
        code = done.returncode if done.returncode <= 128 else 128 - done.returncode
        return code, done.stdout, done.stderr


def worth_measuring(trials, name):
    best = {test: max(trial[test] for trial in trials) for test in ("prefill", "decode")}
    if best["prefill"] == 0:
        endings = "; ".join(f"{trial['variant']}: {trial['ended']}" for trial in trials)
        raise Failed(f"no variant of the peer runs on {name}: {endings}")
    return [trial["variant"] for trial in trials if any(trial[test] >= WORTH_MEASURING * best[test] for test in best)]


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)

"""Medians, ratios, and what was aimed at."""

from statistics import median

from runs import DEPTH, PROMPT, TOGETHER, Work

MANY = 8

# What each work should reach at least: times the peer's speed; part of the limit; times one sequence's speed.
TARGETS = {
    Work("decode", 1, 0): {"ratio": 1.4, "fraction": 0.9},
    Work("decode", MANY, 0): {"ratio": 3.0, "scaling": 5.0},
    Work("prefill", PROMPT, 0): {"ratio": 2.2, "fraction": 0.7},
    Work("prefill", PROMPT, DEPTH): {"ratio": 3.5},
    Work("decode", 1, DEPTH): {"ratio": 2.0},
}
RATIO_WITH_TILES = {Work("prefill", PROMPT, 0): 2.0}
TARGETS_OF_SMALL = {
    Work("prefill", PROMPT, 0): {"ratio": 6.0},
    Work("decode", 1, 0): {"ratio": 2.0},
}
ORDER = [Work("decode", 1, 0), *(Work("decode", count, 0) for count in TOGETHER), Work("prefill", PROMPT, 0),
         Work("prefill", PROMPT, DEPTH), Work("decode", 1, DEPTH)]
MEANING = {"ratio": "{:g} x theirs", "fraction": "{:.0%} of the limit", "scaling": "{:g} x one sequence"}


def in_words(work):
    if work.test == "prefill":
        text = f"prefill {work.count}"
    else:
        text = "decode, 1 sequence" if work.count == 1 else f"decode, {work.count} together"
    return text if work.depth == 0 else f"{text}, depth {work.depth}"


def targets_of(work, small, tiles):
    wanted = dict((TARGETS_OF_SMALL if small else TARGETS).get(work, {}))
    if tiles and not small and work in RATIO_WITH_TILES:
        wanted["ratio"] = RATIO_WITH_TILES[work]
    return wanted


def compare(measured):
    """Everything that the table shows, as plain data."""
    units = [limits["matrix_unit"] for limits in measured["limits"]]
    found = {
        "threads": measured["threads"],
        "rounds": measured["rounds"],
        "deep_rounds": measured["deep_rounds"],
        "limits": {"read_gbps": median(limits["read_gbps"] for limits in measured["limits"]),
                   "matrix_tops": median(limits["matrix_tops"] for limits in measured["limits"]),
                   "matrix_unit": units[0]},
        "peer": [{"file": entry["model"].name, **trial} for entry in measured["models"] for trial in entry["trials"]],
        "results": [],
    }
    for entry in measured["models"]:
        found["results"].extend(rows_of(entry, any("AMX" in unit for unit in units)))
    return found


def rows_of(entry, tiles):
    ours = {work: median(values) for work, values in entry["ours"].items()}
    for work in sorted(ours, key=lambda each: ORDER.index(each) if each in ORDER else len(ORDER)):
        theirs = {name: median(samples[work]) for name, samples in entry["theirs"].items() if work in samples}
        if not theirs:
            continue
        fastest = max(theirs, key=theirs.get)
        row = {"file": entry["model"].name, "work": in_words(work), "test": work.test, "count": work.count,
               "depth": work.depth, "ours": ours[work], "theirs": theirs[fastest], "their_variant": fastest,
               "their_variants": theirs, "ratio": ours[work] / theirs[fastest],
               "fraction": median(entry["fractions"][work])}
        one = ours.get(Work("decode", 1, work.depth))
        if work.test == "decode" and one:
            row["scaling"] = ours[work] / one
        wanted = targets_of(work, entry["model"].small, tiles)
        row["targets"] = [{"what": what, "wanted": least, "met": row[what] >= least} for what, least in wanted.items()]
        yield row


def table(found):
    limits = found["limits"]
    lines = [f"{found['threads']} threads; medians of {found['rounds']} rounds by turns, "
             f"at depth of {found['deep_rounds']}; tokens a second",
             f"limits: memory is read at {limits['read_gbps']:.1f} GB/s; {limits['matrix_unit']} reach "
             f"{limits['matrix_tops']:.2f} TFLOP/s", "",
             f"{'file':<14}{'work':<32}{'ours':>9}{'theirs':>9}{'ratio':>7}{'of limit':>10}  aimed at"]
    for row in found["results"]:
        aims = ", ".join(f"{MEANING[target['what']].format(target['wanted'])}: {'yes' if target['met'] else 'NO'}"
                         for target in row["targets"])
        lines.append(f"{row['file']:<14}{row['work']:<32}{row['ours']:>9.1f}{row['theirs']:>9.1f}{row['ratio']:>7.2f}"
                     f"{row['fraction']:>10.0%}  {aims}".rstrip())
    lines += ["", f"peer: {found['peer_build']}",
              "its ways to keep the weights (a short trial of each; the faster one counts above):"]
    for trial in found["peer"]:
        speed = (f"prefill 128 {trial['prefill']:.1f}, decode {trial['decode']:.1f}" if trial["ended"] == "well"
                 else trial["ended"])
        lines.append(f"{trial['file']}, {trial['variant']}: {speed}")
        lines.extend(f"    {line}" for line in trial["buffers"])
    return "\n".join(lines)

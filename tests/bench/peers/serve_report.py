"""Medians of turns, ratios, and what was aimed at, for serving many clients."""

from statistics import median

MANY = 32
# Requests a second of so many clients, times those of one; tokens a second, times the peer's.
SCALING = 3.2
RATIO = 3.0
RATES = ("requests_per_second", "tokens_per_second")
TIMES = ("ttft_ms", "token_ms")
QUANTILES = ("p50", "p90", "p99")


def middle(turns):
    """Of the turns of one side with one number of clients."""
    found = {rate: median(turn[rate] for turn in turns) for rate in RATES}
    for kind in TIMES:
        found[kind] = {quantile: median(turn[kind][quantile] for turn in turns) for quantile in QUANTILES}
    if all("batch" in turn for turn in turns):
        found["batch"] = {"mean": median(turn["batch"]["mean"] for turn in turns),
                          "max": max(turn["batch"]["max"] for turn in turns)}
    return found


def compare(measured):
    """`measured`: {"ours": {clients: [turn]}, "theirs": {clients: [turn]}, ...}; everything else is kept as it is."""
    found = {key: value for key, value in measured.items() if key not in ("ours", "theirs")}
    found["results"] = []
    ours = {clients: middle(turns) for clients, turns in measured["ours"].items()}
    one = ours.get(1)
    for clients, mine in ours.items():
        theirs = middle(measured["theirs"][clients])
        row = {"clients": clients, "ours": mine, "theirs": theirs,
               "ratio": mine["tokens_per_second"] / theirs["tokens_per_second"]}
        if one:
            row["scaling"] = mine["requests_per_second"] / one["requests_per_second"]
        row["targets"] = targets(row) if clients == MANY else []
        found["results"].append(row)
    return found


def targets(row):
    wanted = {"ratio": RATIO}
    if "scaling" in row:
        wanted["scaling"] = SCALING
    return [{"what": what, "wanted": least, "met": row[what] >= least} for what, least in wanted.items()]


MEANING = {"ratio": "{:g} x their tokens/s", "scaling": "{:g} x one client's requests/s"}


def shown(times):
    """A kind of times of one side, its quantiles; a dash where the window held none."""
    digits = 1 if times["p99"] < 1000 else 0
    return [f"{times[quantile]:.{digits}f}" if times["p99"] > 0 else "-" for quantile in QUANTILES]


def table(found):
    lines = [f"{found['model']}; {found['threads']} threads; medians of {found['rounds']} rounds by turns; times in ms",
             "",
             f"{'clients':>7}  {'':<7}{'requests/s':>11}{'tokens/s':>10}   {'first token: p50':>17}{'p90':>8}{'p99':>8}"
             f"   {'between: p50':>13}{'p90':>8}{'p99':>8}"]
    for row in found["results"]:
        for side in ("ours", "theirs"):
            each = row[side]
            first, between = (shown(each[kind]) for kind in TIMES)
            lines.append(f"{row['clients'] if side == 'ours' else '':>7}  {side:<7}{each['requests_per_second']:>11.3f}"
                         f"{each['tokens_per_second']:>10.1f}   {first[0]:>17}{first[1]:>8}{first[2]:>8}"
                         f"   {between[0]:>13}{between[1]:>8}{between[2]:>8}")
        notes = [f"{row['ratio']:.2f} x their tokens/s"]
        if "scaling" in row and row["clients"] > 1:
            notes.append(f"{row['scaling']:.2f} x one client's requests/s")
        if "batch" in row["ours"]:
            notes.append(f"batch of {row['ours']['batch']['mean']:.1f}, at most {row['ours']['batch']['max']}")
        lines.append(f"{'':>9}{'; '.join(notes)}")
        lines += [f"{'':>9}aimed at {MEANING[target['what']].format(target['wanted'])}: "
                  f"{'yes' if target['met'] else 'NO'}" for target in row["targets"]]
    lines += ["", f"peer: {found['peer_build']}", f"      {found['variant']}"]
    if found["trials"]:
        lines[-1] += f", the fastest of these with {found['trial_sequences']} sequences at once:"
    for trial in found["trials"]:
        speed = f"{trial['speed']:.1f} tokens/s" if trial["ended"] == "well" else trial["ended"]
        lines.append(f"      {trial['variant']}: {speed}")
    return "\n".join(lines)

"""The peers' bench on recorded output: parsing, ratios, targets. Builds and runs no engine."""

import pathlib
import tempfile
import unittest

import build
import files
import report
import runs
from runs import Work

SAMPLES = pathlib.Path(__file__).resolve().parent / "samples"


def sample(name):
    return (SAMPLES / name).read_text(encoding="utf-8")


def model(small=False):
    return files.Model("SmolLM2" if small else "1.5B q4_0", pathlib.Path("a.gguf"), small)


def measured(ours, theirs, small=False, unit="bf16 tiles (AMX)", fraction=0.5):
    return {"threads": 2, "rounds": 3, "deep_rounds": 1,
            "limits": [{"read_gbps": gbps, "matrix_tops": 4.5, "matrix_unit": unit} for gbps in (30.0, 40.0, 35.0)],
            "models": [{"model": model(small), "variants": [],
                        "trials": [{"variant": "own buffers", "buffers": ["AMX model buffer size = 1 MiB"],
                                    "prefill": 1.0, "decode": 1.0, "ended": "well"}],
                        "ours": ours, "theirs": theirs, "fractions": {work: [fraction] for work in ours}}]}


class Interrupted(unittest.TestCase):
    class Session(runs.Session):
        """Measures made-up figures and is interrupted after some of them."""

        def __init__(self, after):
            super().__init__("alcuin", {"native": pathlib.Path()}, 2, [])
            self.left = after

        def try_variants(self, _):
            return [], []

        def turn_of_ours(self, entry, limits, depth):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            runs.add(entry["ours"], {Work("prefill", 512, depth): [1000.0]})
            limits.append({})

        def turn_of_theirs(self, entry, limits, depth):
            pass

    def test_what_was_measured_is_kept(self):
        # Two models, of which the small one isn't measured at depth: three times a side in the first round, then two.
        found = self.Session(after=6).measure([model(), model(small=True)], 5, 1)
        self.assertEqual((found["rounds"], found["deep_rounds"]), (2, 1))
        self.assertEqual([len(entry["ours"][Work("prefill", 512, 0)]) for entry in found["models"]], [3, 2])

    def test_the_first_round_counts_as_far_as_it_came(self):
        found = self.Session(after=1).measure([model()], 5, 1)
        self.assertEqual((found["rounds"], found["deep_rounds"]), (1, 1))

    def test_nothing_measured_is_an_interrupt(self):
        with self.assertRaises(KeyboardInterrupt):
            self.Session(after=0).measure([model()], 5, 1)


class Parsing(unittest.TestCase):
    def test_llama_bench(self):
        self.assertEqual(runs.bench_samples(sample("llama-bench.json")), {
            Work("prefill", 512, 0): [212.905, 214.897, 142.915],
            Work("decode", 1, 0): [29.6674, 29.2571, 28.7649],
            Work("decode", 1, 8192): [7.5],
        })

    def test_llama_batched_bench(self):
        self.assertEqual(runs.batched_samples(sample("llama-batched-bench.jsonl")), {
            Work("decode", 1, 0): [29.924274],
            Work("decode", 4, 0): [58.002747],
            Work("decode", 8, 0): [98.04364],
        })

    def test_alcuin_bench(self):
        speeds, fractions, limits = runs.our_samples(sample("alcuin-bench.json"))
        self.assertEqual(speeds, {Work("prefill", 512, 0): [699.15], Work("decode", 1, 0): [34.75],
                                  Work("decode", 8, 0): [180.96]})
        self.assertEqual(fractions[Work("decode", 1, 0)], [0.847])
        self.assertEqual(limits["matrix_unit"], "bf16 tiles (AMX)")

    def test_buffers_are_kept_and_repacked_tensors_counted(self):
        self.assertEqual(runs.buffer_lines(sample("llama-bench-amx.log")), [
            "done_getting_tensors: tensor 'token_embd.weight' (q8_0) (and 61 others) cannot be used with preferred "
            "buffer type AMX, using CPU instead",
            "load_tensors:          AMX model buffer size =    95.34 MiB",
            "load_tensors:   CPU_Mapped model buffer size =    92.10 MiB",
            "1 lines like: amx repack tensor ... q8_0",
            "3 lines like: amx repack tensor ... q4_1",
        ])


class Variants(unittest.TestCase):
    def trial(self, name, prefill, decode):
        ended = "well" if prefill else "crashed (SIGSEGV)"
        return {"variant": name, "prefill": prefill, "decode": decode, "ended": ended}

    def names(self, *trials):
        return runs.worth_measuring(list(trials), "a.gguf")

    def test_one_that_crashes_is_left_out(self):
        self.assertEqual(self.names(self.trial("own buffers", 0, 0), self.trial("plain", 57, 9)), ["plain"])

    def test_one_that_is_near_the_fastest_anywhere_is_measured(self):
        self.assertEqual(self.names(self.trial("own buffers", 200, 28), self.trial("plain", 57, 27)),
                         ["own buffers", "plain"])
        self.assertEqual(self.names(self.trial("own buffers", 200, 28), self.trial("plain", 57, 9)), ["own buffers"])

    def test_without_any_that_runs_there_is_nothing_to_compare(self):
        with self.assertRaisesRegex(runs.Failed, "own buffers: crashed .SIGSEGV.; plain: crashed"):
            self.names(self.trial("own buffers", 0, 0), self.trial("plain", 0, 0))

    def test_a_build_without_tiles_is_one_more(self):
        native, without = pathlib.Path("native"), pathlib.Path("without")
        both = runs.variants_of({"native": native, "no AMX": without})
        self.assertEqual([(variant.name, variant.programs) for variant in both],
                         [("own buffers", native), ("plain", native), ("own buffers, no AMX", without)])
        self.assertEqual([variant.name for variant in runs.variants_of({"native": native})], ["own buffers", "plain"])

    def test_signals_are_named(self):
        self.assertEqual(runs.how_it_ended(-11), "crashed (SIGSEGV)")
        self.assertEqual(runs.how_it_ended(1), "failed with 1")


class Comparing(unittest.TestCase):
    def rows(self, *arguments, **more):
        return {row["work"]: row for row in report.compare(measured(*arguments, **more))["results"]}

    def met(self, row):
        return {target["what"]: target["met"] for target in row["targets"]}

    def test_ratio_is_of_medians_against_the_faster_variant(self):
        decode = Work("decode", 1, 0)
        row = self.rows({decode: [40.0, 30.0, 50.0]},
                        {"own buffers": {decode: [10.0, 25.0, 12.0]}, "plain": {decode: [20.0, 20.0, 90.0]}})
        row = row["decode, 1 sequence"]
        self.assertEqual((row["ours"], row["theirs"], row["their_variant"]), (40.0, 20.0, "plain"))
        self.assertEqual(row["ratio"], 2.0)
        self.assertEqual(row["their_variants"], {"own buffers": 12.0, "plain": 20.0})

    def test_targets_are_the_lesser_or_equal_of_what_was_reached(self):
        one, many = Work("decode", 1, 0), Work("decode", 8, 0)
        rows = self.rows({one: [28.0], many: [139.9]}, {"own buffers": {one: [20.0], many: [40.0]}}, fraction=0.9)
        self.assertEqual(self.met(rows["decode, 1 sequence"]), {"ratio": True, "fraction": True})
        self.assertEqual(self.met(rows["decode, 8 together"]), {"ratio": True, "scaling": False})

    def test_prefill_is_asked_for_less_with_tiles(self):
        prefill = Work("prefill", 512, 0)
        for unit, ratio, met in (("bf16 tiles (AMX)", 2.0, True), ("int8 fours (AVX-512 VNNI)", 2.2, False)):
            row = self.rows({prefill: [210.0]}, {"own buffers": {prefill: [100.0]}}, unit=unit)["prefill 512"]
            self.assertEqual(row["targets"][0], {"what": "ratio", "wanted": ratio, "met": met})

    def test_the_small_model_has_targets_of_its_own(self):
        prefill = Work("prefill", 512, 0)
        row = self.rows({prefill: [590.0]}, {"own buffers": {prefill: [100.0]}}, small=True)["prefill 512"]
        self.assertEqual(row["targets"], [{"what": "ratio", "wanted": 6.0, "met": False}])

    def test_work_that_the_peer_did_not_do_has_no_row(self):
        one, deep = Work("decode", 1, 0), Work("decode", 1, 8192)
        self.assertEqual(list(self.rows({one: [1.0], deep: [1.0]}, {"own buffers": {one: [1.0]}})),
                         ["decode, 1 sequence"])

    def test_the_table_shows_rows_limits_targets_and_buffers(self):
        prefill, deep = Work("prefill", 512, 0), Work("prefill", 512, 8192)
        found = report.compare(measured({prefill: [210.0], deep: [300.0]},
                                        {"own buffers": {prefill: [100.0], deep: [100.0]}}))
        text = report.table({"peer_build": "built somehow", **found})
        self.assertIn("\npeer: built somehow\n", text)
        self.assertIn("limits: memory is read at 35.0 GB/s; bf16 tiles (AMX) reach 4.50 TFLOP/s", text)
        self.assertRegex(text, r"prefill 512 +210\.0 +100\.0 +2\.10 +50%  2 x theirs: yes, 70% of the limit: NO\n")
        self.assertRegex(text, r"prefill 512, depth 8192 +300\.0 +100\.0 +3\.00 +50%  3\.5 x theirs: NO\n")
        self.assertIn("    AMX model buffer size = 1 MiB", text)


class Files(unittest.TestCase):
    def test_what_is_neither_a_name_nor_a_file_is_said(self):
        with tempfile.TemporaryDirectory() as directory:
            missing = pathlib.Path(directory) / "missing.gguf"
            with self.assertRaisesRegex(files.Failed, "neither one of q4_0, q4_k_m, q8_0, smollm2 nor a file"):
                files.find([str(missing)], "alcuin", missing, pathlib.Path(directory))
            with self.assertRaisesRegex(files.Failed, "dev model"):
                files.find(["smollm2"], "alcuin", missing, pathlib.Path(directory))

    def test_models_that_are_there_are_not_written_again(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "r1-distill-qwen-1.5b-q8_0.gguf"
            path.touch()
            self.assertEqual(files.find(["q8_0"], "/nonexistent", path, pathlib.Path(directory)),
                             [files.Model("1.5B q8_0", path, False)])

    def test_without_a_build_there_is_no_peer(self):
        with tempfile.TemporaryDirectory() as directory:
            with self.assertRaisesRegex(build.Failed, "--skip-build"):
                build.peers(pathlib.Path(directory), False, [])


if __name__ == "__main__":
    unittest.main()

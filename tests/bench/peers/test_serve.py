"""The serving bench: prompts, the closed loop against a server of a few lines, ratios. Builds and runs no engine."""

import asyncio
import json
import pathlib
import time
import types
import unittest
import unittest.mock

import closed_loop
import prompts
import runs
import serve
import serve_report


class Prompts(unittest.TestCase):
    def test_they_are_those_of_alcuin_bench(self):
        # What `alcuin bench --serve-like --seed 1 --json` says of SmolLM2, whose vocabulary has 49152 tokens.
        self.assertEqual(prompts.Requests((128, 512), (128, 256), 1, 49152, 8).first(),
                         {"prompt_tokens": 248, "output_tokens": 138, "first_token": 13976, "last_token": 9975})

    def test_first_answers_are_parts_of_one(self):
        requests = prompts.Requests((8, 8), (100, 100), 1, 1000, 4)
        self.assertEqual([requests.make(client, 0).output_tokens for client in range(4)], [25, 50, 75, 100])
        self.assertEqual(requests.make(0, 1).output_tokens, 100)

    def test_tokens_are_of_the_vocabularys_middle(self):
        tokens = prompts.Requests((512, 512), (1, 1), 3, 1600, 1).make(0, 1).prompt
        self.assertEqual(len(tokens), 512)
        self.assertTrue(100 <= min(tokens) and max(tokens) <= 1500)
        self.assertGreater(len(set(tokens)), 300)


class Parsing(unittest.TestCase):
    def test_events_don_t_depend_on_chunks(self):
        body = b'data: {"tokens_predicted": 1}\n\ndata: {"stop": true}\n\ndata: [DONE]\n\n'
        for size in (1, 7, len(body)):
            events = closed_loop.Events()
            found = [event for at in range(0, len(body), size) for event in events.feed(body[at:at + size])]
            self.assertEqual(found, [{"tokens_predicted": 1}, {"stop": True}])

    def test_percentiles_are_nearest_ranks_in_ms(self):
        self.assertEqual(closed_loop.percentiles([value / 1000 for value in range(1, 101)]),
                         {"p50": 50.0, "p90": 90.0, "p99": 99.0, "max": 100.0, "count": 100})
        self.assertEqual(closed_loop.percentiles([])["count"], 0)

    def test_batched_bench(self):
        self.assertEqual(serve.trial_speed('a log line\n{"pl": 32, "speed": 120.5}\n'), 120.5)


class FakeServer:
    """Writes so many tokens of an answer as it was asked for, less `short`; answers `status` before."""

    def __init__(self, status=200, short=0):
        self.status = status
        self.short = short
        self.bodies = []

    async def answer(self, reader, writer):
        header = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in header.split(b"\r\n") if line.startswith(b"Content-Length"))
        body = json.loads(await reader.readexactly(length))
        self.bodies.append(body)
        writer.write(b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n" % self.status)
        written = 0
        while written < body["n_predict"] - self.short:
            written += 1
            self.event(writer, {"tokens_predicted": written, "stop": False})
            await asyncio.sleep(0.001)
        self.event(writer, {"tokens_predicted": written, "stop": True})
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    @staticmethod
    def event(writer, event):
        data = b"data: " + json.dumps(event).encode() + b"\n\n"
        writer.write(b"%x\r\n%s\r\n" % (len(data), data))

    def measure(self, requests, seconds):
        async def both():
            server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                return await closed_loop.ClosedLoop(port, requests, seconds).run()
        return asyncio.run(both())


class Loop(unittest.TestCase):
    def test_clients_ask_again_and_all_is_counted(self):
        server = FakeServer()
        found = server.measure(prompts.Requests((3, 5), (4, 4), 1, 1000, 2), 0.5)
        self.assertEqual(found["clients"], 2)
        self.assertGreater(found["requests_finished"], 2)
        # Answers of four tokens each: three gaps to a first token, but for those that the window's ends cut.
        self.assertAlmostEqual(found["tokens_per_second"], 4 * found["requests_per_second"], places=6)
        self.assertAlmostEqual(found["token_ms"]["count"], 3 * found["ttft_ms"]["count"], delta=8)
        body = server.bodies[-1]
        self.assertTrue(body["ignore_eos"] and body["stream"] and not body["cache_prompt"])
        self.assertTrue(all(isinstance(token, int) for token in body["prompt"]))

    def test_an_answer_that_is_too_short_is_a_failure(self):
        with self.assertRaisesRegex(closed_loop.Failed, "after 3 tokens instead of 4"):
            FakeServer(short=1).measure(prompts.Requests((3, 5), (4, 4), 1, 1000, 1), 0.5)

    def test_who_asked_before_the_window_began_is_not_counted_as_waiting(self):
        request = types.SimpleNamespace(prompt=[1], output_tokens=2, whole_output=2)
        for begins_late, counted in ((False, 1), (True, 0)):
            loop = types.SimpleNamespace(port=0, requests=types.SimpleNamespace(seed=1),
                                         times=closed_loop.Times(time.monotonic()))

            async def stream(_port, _body):
                if begins_late:
                    await asyncio.sleep(0.001)
                    loop.times = closed_loop.Times(time.monotonic())
                yield {"tokens_predicted": 1}
                yield {"tokens_predicted": 2, "stop": True}

            with unittest.mock.patch.object(closed_loop, "stream", stream):
                asyncio.run(closed_loop.Client(loop, 0).ask(request))
            self.assertEqual(len(loop.times.first), counted)
            self.assertEqual((loop.times.tokens, loop.times.finished), (2, 1))

    def test_a_refusal_is_a_failure(self):
        with self.assertRaisesRegex(closed_loop.Failed, "503"):
            FakeServer(status=503).measure(prompts.Requests((3, 5), (4, 4), 1, 1000, 1), 0.5)


class Choosing(unittest.TestCase):
    def trial(self, name, speed, ended="well"):
        return {"variant": name, "speed": speed, "ended": ended}

    def test_the_fastest_variant_is_measured(self):
        variants = runs.variants_of({"native": pathlib.Path("a"), "no AMX": pathlib.Path("b")})
        trials = [self.trial("own buffers", 90.0), self.trial("plain", 0.0, "crashed (SIGSEGV)"),
                  self.trial("own buffers, no AMX", 110.0)]
        self.assertEqual(serve.fastest(variants, trials).name, "own buffers, no AMX")

    def test_without_any_that_runs_there_is_nothing_to_compare(self):
        with self.assertRaisesRegex(runs.Failed, "plain: crashed"):
            serve.fastest([], [self.trial("plain", 0.0, "crashed (SIGSEGV)")])


class Comparing(unittest.TestCase):
    def turn(self, requests, tokens, batch=None):
        times = {"p50": 1.0, "p90": 2.0, "p99": 3.0}
        found = {"requests_per_second": requests, "tokens_per_second": tokens, "ttft_ms": times, "token_ms": times}
        return {**found, "batch": {"mean": batch, "max": int(batch)}} if batch else found

    def compare(self, many):
        return serve_report.compare({
            "model": "1.5B q4_0", "threads": 2, "rounds": 3, "peer_build": "built somehow", "variant": "own buffers",
            "trial_sequences": 32, "trials": [{"variant": "plain", "speed": 0.0, "ended": "crashed (SIGSEGV)"}],
            "ours": {1: [self.turn(0.25, 30.0, 1.0)] * 3,
                     32: [self.turn(0.5, 100.0, 30.0), self.turn(many, 150.0, 31.0), self.turn(0.95, 200.0, 32.0)]},
            "theirs": {1: [self.turn(0.1, 20.0)], 32: [self.turn(0.25, 49.0), self.turn(0.25, 50.0),
                                                       self.turn(0.25, 51.0)]}})

    def test_ratios_are_of_medians(self):
        row = self.compare(0.8)["results"][1]
        self.assertEqual((row["ratio"], row["scaling"]), (3.0, 3.2))
        self.assertEqual([target["met"] for target in row["targets"]], [True, True])
        self.assertEqual(row["ours"]["batch"], {"mean": 31.0, "max": 32})

    def test_a_target_that_is_missed_is_said(self):
        found = self.compare(0.79)
        self.assertEqual([target["met"] for target in found["results"][1]["targets"]], [True, False])
        text = serve_report.table(found)
        self.assertIn("aimed at 3 x their tokens/s: yes", text)
        self.assertIn("aimed at 3.2 x one client's requests/s: NO", text)
        self.assertIn("plain: crashed (SIGSEGV)", text)
        self.assertEqual(found["results"][0]["targets"], [])


if __name__ == "__main__":
    unittest.main()

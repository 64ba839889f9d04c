"""Clients over HTTP that each ask again as soon as they have their answer, as `alcuin bench --serve-like` has them."""

import asyncio
import json
import math
import time

STAGGER_S = 0.1  # between two clients' first requests
SAMPLING = {"temperature": 0.7, "top_k": 40, "top_p": 0.95, "min_p": 0.05}


class Failed(Exception):
    """Why there is no measurement."""


def percentiles(values):
    """The least value that so many don't exceed, as alcuin's histogram has it; values in seconds, result in ms."""
    ordered = sorted(values)

    def at(fraction):
        return ordered[max(math.ceil(fraction * len(ordered)), 1) - 1] * 1000 if ordered else 0.0

    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0), "count": len(ordered)}


class Times:
    """What clients saw since this was begun."""

    def __init__(self, now):
        self.begin = now
        self.first = []
        self.between = []
        self.tokens = 0
        self.answers = 0.0  # counted in parts: half of a whole answer's tokens count as half an answer
        self.finished = 0

    def result(self, clients, now):
        seconds = now - self.begin
        return {"clients": clients, "requests_per_second": self.answers / seconds,
                "tokens_per_second": self.tokens / seconds, "ttft_ms": percentiles(self.first),
                "token_ms": percentiles(self.between), "requests_finished": self.finished, "seconds": seconds}


class Events:
    """Server-sent events out of a chunked body, whatever the chunks' edges."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        self.rest += data
        *whole, self.rest = self.rest.split(b"\n\n")
        for event in whole:
            for line in event.split(b"\n"):
                if line.startswith(b"data: ") and line != b"data: [DONE]":
                    yield json.loads(line[len(b"data: "):])
                elif line.startswith(b"error: "):
                    raise Failed(line.decode("utf-8", "replace"))


class Client:
    def __init__(self, loop, index):
        self.loop = loop
        self.index = index
        self.served = False

    async def run(self):
        await asyncio.sleep(self.index * STAGGER_S)
        number = 0
        while True:
            await self.ask(self.loop.requests.make(self.index, number))
            number += 1

    async def ask(self, request):
        body = {"prompt": request.prompt, "n_predict": request.output_tokens, "stream": True, "ignore_eos": True,
                "cache_prompt": False, "seed": self.loop.requests.seed + self.index, **SAMPLING}
        asked = time.monotonic()
        last = None
        written = 0
        async for event in stream(self.loop.port, body):
            now = time.monotonic()
            if "error" in event:
                raise Failed(json.dumps(event["error"]))
            times = self.loop.times
            tokens = event.get("tokens_predicted", written) - written
            written += tokens
            times.tokens += tokens
            times.answers += tokens / request.whole_output
            if event.get("stop"):
                break
            if last is None:
                if asked >= times.begin:  # others may have waited for what all clients asked at the start
                    times.first.append(now - asked)
                self.served = True
            else:
                times.between.append(now - last)
            last = now
        if written != request.output_tokens:
            raise Failed(f"an answer ended after {written} tokens instead of {request.output_tokens}")
        self.loop.times.finished += 1


async def stream(port, body):
    """The events of one request."""
    text = json.dumps(body).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        writer.write(b"POST /completion HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
        await writer.drain()
        status = await reader.readline()
        chunked = False
        while (line := await reader.readline()) not in (b"\r\n", b""):
            chunked = chunked or line.lower().replace(b" ", b"").startswith(b"transfer-encoding:chunked")
        if b" 200 " not in status or not chunked:
            raise Failed(f"the server answered {status!r}: {(await reader.read(2000))!r}")
        events = Events()
        while (size := int((await reader.readline()).strip() or b"0", 16)) > 0:
            for event in events.feed(await reader.readexactly(size)):
                yield event
            await reader.readline()
    finally:
        writer.close()


class ClosedLoop:
    """`requests`: prompts.Requests. The window begins when every client has had its first token."""

    def __init__(self, port, requests, seconds):
        self.port = port
        self.requests = requests
        self.seconds = seconds
        self.times = Times(time.monotonic())
        self.clients = [Client(self, index) for index in range(requests.clients)]

    async def run(self):
        tasks = [asyncio.create_task(client.run()) for client in self.clients]
        try:
            while not all(client.served for client in self.clients):
                await self.go_on(tasks, 0.01)
            self.times = Times(time.monotonic())
            await self.go_on(tasks, self.seconds)
            return self.times.result(len(self.clients), time.monotonic())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def go_on(tasks, seconds):
        """For so long, or until a client fails."""
        done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

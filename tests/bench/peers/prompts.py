"""What clients ask: the same sizes and tokens that `alcuin bench --serve-like` makes of a seed (bench_requests.cpp)."""

from typing import NamedTuple

MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
CLIENT_STEP = 0xD1B54A32D192ED03
NUMBER_STEP = 0x8CB92BA72F3D8DD7


class Random:
    """SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed, client, number):
        self.state = (seed * STEP + client * CLIENT_STEP + number * NUMBER_STEP) & MASK

    def next(self):
        self.state = (self.state + STEP) & MASK
        mixed = self.state
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & MASK
        return mixed ^ mixed >> 31

    def between(self, least, most):
        return least + self.next() % (most - least + 1)


class Request(NamedTuple):
    prompt: list
    output_tokens: int
    whole_output: int  # more than output_tokens where this is the rest of an answer


class Requests:
    """`prompt` and `output`: (least, most) tokens."""

    def __init__(self, prompt, output, seed, vocabulary, clients):
        self.prompt = prompt
        self.output = output
        self.seed = seed
        self.vocabulary = vocabulary
        self.clients = clients

    def make(self, client, number):
        random = Random(self.seed, client, number)
        length = random.between(*self.prompt)
        whole = output = random.between(*self.output)
        if number == 0:  # so that answers end spread over time
            output = max(output * (client + 1) // self.clients, 1)
        first, last = self.vocabulary // 16, self.vocabulary * 15 // 16
        return Request([random.between(first, last) for _ in range(length)], output, whole)

    def first(self):
        """How `alcuin bench --serve-like --json` shows the first client's first request."""
        request = Requests(self.prompt, self.output, self.seed, self.vocabulary, 1).make(0, 0)
        return {"prompt_tokens": len(request.prompt), "output_tokens": request.output_tokens,
                "first_token": request.prompt[0], "last_token": request.prompt[-1]}

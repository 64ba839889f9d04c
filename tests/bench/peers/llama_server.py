"""Starts llama-server, drives it with clients in a closed loop, prints what they saw as JSON, and ends it.

A program of its own, so that all of it can be run under another command.
"""

import argparse
import asyncio
import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import closed_loop
import prompts

PATIENCE_S = 120  # until the model is loaded
# Of a slot, beyond the longest prompt and answer.
ROOM = 64


def pair(text):
    least, most = (int(part) for part in text.split(","))
    return least, most


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=pathlib.Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--vocabulary", type=int, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--prompt-tokens", type=pair, required=True)
    parser.add_argument("--output-tokens", type=pair, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("more", nargs="*", help="further arguments of llama-server, behind --")
    return parser.parse_args()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_command(chosen, port):
    slot = chosen.prompt_tokens[1] + chosen.output_tokens[1] + ROOM
    return [chosen.server, "-m", chosen.model, "--host", "127.0.0.1", "--port", port, "-np", chosen.clients, "-c",
            slot * chosen.clients, "-t", chosen.threads, "-tb", chosen.threads, "-fa", "on", "-ctk", "f16", "-ctv", "f16",
            "--cache-ram", 0, "--no-ui", *chosen.more]


def wait_until_ready(server, port):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if server.poll() is not None:
            raise closed_loop.Failed(f"llama-server ended with {server.returncode} before it was ready")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise closed_loop.Failed(f"llama-server wasn't ready after {PATIENCE_S} s")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is ended too
    chosen = arguments()
    port = free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen([str(part) for part in server_command(chosen, port)], stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(server, port)
            requests = prompts.Requests(chosen.prompt_tokens, chosen.output_tokens, chosen.seed, chosen.vocabulary,
                                        chosen.clients)
            found = asyncio.run(closed_loop.ClosedLoop(port, requests, chosen.seconds).run())
            print(json.dumps(found))
        except (closed_loop.Failed, OSError, EOFError) as failed:
            log.seek(0)
            sys.exit(f"{failed}\n{log.read().decode('utf-8', 'replace')[-2000:]}")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

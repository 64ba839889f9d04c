"""The models that are measured: random weights in a true shape, which every engine reads, and a small real one."""

import os
import pathlib
import subprocess
import sys
from typing import NamedTuple

SHAPE = "r1-distill-qwen-1.5b"
TYPES = ("q4_0", "q4_k_m", "q8_0")


class Failed(Exception):
    """Why a model isn't there."""


class Model(NamedTuple):
    name: str  # as the table shows it
    path: pathlib.Path
    small: bool  # SmolLM2, which has targets of its own and no room for depth 8192


def cache_directory():
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base) / "alcuin" / "peers"


def find(names, alcuin, smollm2, directory):
    """The models of these names; those of random weights are written if they aren't there."""
    return [find_one(name, alcuin, smollm2, directory) for name in names]


def find_one(name, alcuin, smollm2, directory):
    if name in TYPES:
        return Model(f"1.5B {name}", synthetic(name, alcuin, directory), False)
    if name == "smollm2":
        if not smollm2.exists():
            raise Failed(f"{smollm2} isn't there; ./dev model fetches it")
        return Model("SmolLM2", smollm2, True)
    path = pathlib.Path(name)
    if not path.exists():
        raise Failed(f"{name} is neither one of {', '.join(TYPES)}, smollm2 nor a file")
    return Model(path.stem, path, "smollm2" in path.stem.lower())


def synthetic(kind, alcuin, directory):
    path = directory / f"{SHAPE}-{kind}.gguf"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        print(f"peers: writing {path}", file=sys.stderr)
        command = [alcuin, "synth", "--like", SHAPE, "--type", kind, "-o", path]
        if subprocess.run(command, check=False).returncode != 0:
            raise Failed(f"{path} could not be written")
    return path

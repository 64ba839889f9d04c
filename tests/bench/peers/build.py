"""The peer: llama.cpp as it lies in llama-cpp-python's source package, built with every feature of this processor."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

PACKAGE = "llama-cpp-python"
VERSION = "0.3.36"
SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
PROGRAMS = ("llama-bench", "llama-batched-bench")
OPTIONS = ("-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", "-DBUILD_SHARED_LIBS=OFF", "-DLLAMA_CURL=OFF",
           "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_SERVER=ON",
           "-DLLAMA_BUILD_UI=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF")
DESCRIPTION = (f"llama.cpp of {PACKAGE} {VERSION}, built here with GGML_NATIVE=ON; tile_config.h in front of its "
               "sources keeps g++ from breaking its use of AMX")


class Failed(Exception):
    """Why there is no peer: what happened and what to do."""


def say(text):
    print(f"peers: {text}", file=sys.stderr)


WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"


def peers(cache, may_build, also):
    """{name: directory of programs}; builds what is missing. `also`: programs besides those measured.

    Where there is AMX the peer is built once more without it: it prefers its AMX buffers to its repacked ones always,
    and they aren't always the faster.
    """
    root = cache / f"{PACKAGE}-{VERSION}"
    programs = {"native": build_one(root, "build", "", [*PROGRAMS, *also], may_build)}
    if has_amx():
        programs["no AMX"] = build_one(root, "build-without-amx", WITHOUT_AMX, [*PROGRAMS, *also], may_build)
    return programs


def has_amx():
    try:
        return "amx_tile" in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False


def build_one(root, directory, flags, wanted, may_build):
    programs = root / directory / "bin"
    if all((programs / name).exists() for name in wanted):
        return programs
    if not may_build:
        raise Failed(f"there is no built peer in {programs}; leave out --skip-build, or name one with --peer-bin")
    source = root / "source"
    if not source.exists():
        fetch(source)
    log = root / f"{directory}.log"
    say(f"building {', '.join(wanted)} for this processor; this takes some minutes (what is said goes to {log})")
    shim = pathlib.Path(__file__).resolve().parent / "tile_config.h"
    with log.open("w", encoding="utf-8") as output:
        run(["cmake", "-S", source, "-B", root / directory, "-G", "Ninja", *OPTIONS, f"-DCMAKE_C_FLAGS={flags}",
             f'-DCMAKE_CXX_FLAGS={flags} -include "{shim}"'], output)
        run(["cmake", "--build", root / directory, "--target", *wanted], output)
    return programs


def run(command, output):
    try:
        subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failed(f"the peer could not be built: {error}; {output.name} says more") from error


def fetch(source):
    """Downloads the source package, checks it and unpacks its llama.cpp as `source`, whole or not at all."""
    source.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=source.parent) as scratch:
        scratch = pathlib.Path(scratch)
        say(f"fetching the source package of {PACKAGE} {VERSION} (77 MB)")
        requirement = scratch / "requirement.txt"
        requirement.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--no-binary", PACKAGE, "--require-hashes", "--dest", scratch, "-r", requirement]
        if subprocess.run(command, check=False).returncode != 0:
            raise Failed("the source package could not be downloaded: check the connection and run this again")
        archive = next(scratch.glob("*.tar.gz"))
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise Failed("the downloaded source package has another SHA-256 than it should; it was thrown away")
        unpack(archive, scratch / "unpacked")
        inner = next((scratch / "unpacked").glob("*/vendor/llama.cpp"))
        shutil.move(inner, source)


def unpack(archive, target):
    """Its llama.cpp alone; a member that would lie elsewhere ends it."""
    with tarfile.open(archive) as tar:
        members = [member for member in tar.getmembers() if "/vendor/llama.cpp/" in member.name]
        for member in members:
            if os.path.isabs(member.name) or ".." in pathlib.PurePosixPath(member.name).parts:
                raise Failed(f"the source package has a member outside itself: {member.name}")
        tar.extractall(target, members)

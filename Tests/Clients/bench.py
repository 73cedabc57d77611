"""One chip on one probe, with the file that it lives on in; and the means to run tools against it."""

import contextlib
import functools
import json
import os
import random
import select
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

# Limits are for programs that hang, and not for slow or busy machines: they are times of an idle machine of two cores, where
# the slowest operation, pyOCD's chip erase, takes 97 s, and pass at the pace that this machine has meanwhile.
TIME_LIMIT = 4 * 97
REFERENCE_STEPS = 1_000_000
REFERENCE_TIME = 0.1


def pace():
    """How many times slower this machine is at this moment than the one that limits were measured on; at least 1."""
    start = time.monotonic()
    total = 0
    for number in range(REFERENCE_STEPS):
        total += number & 7
    return max(1.0, (time.monotonic() - start) / REFERENCE_TIME)


def finish(process, limit):
    """Waits for a program to end; what it has printed. After `limit` seconds of the reference machine it is killed."""
    spent = 0.0
    while True:
        try:
            return process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            spent += 5 / pace()
            if spent > limit:
                process.kill()
                process.communicate()
                raise


class Failure(Exception):
    """The tool did not do what it does with real hardware."""


class Skip(Exception):
    """The operation cannot be tried here, and why."""


@dataclass(frozen=True)
class Operation:
    label: str
    run: Callable


def require(condition, text):
    if not condition:
        raise Failure(text)


def need(program, package):
    """The path of a program; a skip when it is not installed."""
    path = shutil.which(program)
    if path is None:
        raise Skip(f"{program} is not installed (Debian package {package})")
    return path


class Bench:
    def __init__(self, stflash, target, folder):
        self.stflash = stflash
        self.target = target
        self.folder = folder
        self.state = folder / "chip.state"
        self.log = folder / "log.txt"
        self._servers = []

    @property
    def simulator(self):
        return ["--sim", self.target.name, "--sim-probe", self.target.probe, "--sim-state", str(self.state)]

    # What a chip holds

    def image(self, size, seed=1):
        """Bytes of chance with a vector table that a core can start from: a loop in place."""
        content = bytearray(random.Random(seed).randbytes(size))
        content[0:8] = (0x2000_1000).to_bytes(4, "little") + (0x0800_0041).to_bytes(4, "little")
        content[8:64] = (0x0800_0041).to_bytes(4, "little") * 14
        content[64:66] = b"\xfe\xe7"
        return bytes(content)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def contents(self, address, size, sim=None):
        """What the simulated chip holds, by its state file."""
        path = self.folder / "contents.bin"
        path.unlink(missing_ok=True)
        self.own(["read", str(path), hex(address), str(size)], sim)
        return path.read_bytes()

    def require_contents(self, address, expected, what="the chip"):
        found = self.contents(address, len(expected))
        if found != expected:
            offset = next(index for index in range(len(expected)) if found[index] != expected[index])
            raise Failure(f"{what} differs at {address + offset:#010x}: {found[offset]:02x}, not {expected[offset]:02x}")

    def put(self, address, content):
        """Puts bytes on the chip by way of our own engine."""
        self.own(["write", str(self.file("put.bin", content)), hex(address)])

    def own(self, arguments, sim=None):
        """Runs stflash in process on the simulated chip."""
        return self.call([str(self.stflash), *(sim or self.simulator), *arguments])

    def probe_facts(self):
        """What our own engine says of the probe, as the members of its JSON event."""
        for line in self.own(["--json", "info"]).stdout.splitlines():
            event = json.loads(line)
            if event["event"] == "info":
                return event["probe"]
        raise Failure("stflash info gives no information")

    # Running tools

    def call(self, command, expect=0, limit=TIME_LIMIT, **options):
        """Runs a program to its end; a Failure when it ends otherwise than expected, or not at all."""
        with self.log.open("a") as log:
            print("$", " ".join(map(str, command)), file=log)
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                errors="replace", cwd=self.folder, **options)
            output = finish(process, limit)
            result = subprocess.CompletedProcess(command, process.returncode, *output)
        except subprocess.TimeoutExpired as error:
            with self.log.open("a") as log:
                print(error.stdout, error.stderr, "timed out", file=log)
            raise Failure(f"{Path(command[0]).name} did not end in {limit} s of an idle machine") from error
        with self.log.open("a") as log:
            print(result.stdout, result.stderr, f"exit code {result.returncode}", file=log)
        if expect is not None and result.returncode != expect:
            last = (result.stderr.strip() or result.stdout.strip()).splitlines()[-1:]
            raise Failure(f"exit code {result.returncode}, not {expect}: {' '.join(last)}")
        return result

    def plugged(self, tool, expect=0, sim=None, carrier="umockdev", faults=(), **options):
        """Runs a tool with the simulated probe plugged in: the virtual USB file system over one of its carriers."""
        obstacle = carrier_obstacle(self.stflash, carrier)
        if obstacle:
            raise Skip(obstacle)
        broken = [option for fault in faults for option in ("--sim-fault", fault)]
        command = [str(self.stflash), *(sim or self.simulator), *broken, "sim", "run", "--carrier", carrier, "--"]
        return self.call([*command, *map(str, tool)], expect, **options)

    @contextlib.contextmanager
    def served(self):
        """A stlink-server with the simulated probe; gives its port."""
        command = [str(self.stflash), *self.simulator, "sim", "serve", "--tcp", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._servers.append(server)
        try:
            ready, _, _ = select.select([server.stdout], [], [], 20 * pace())
            line = server.stdout.readline() if ready else ""
            require(line.startswith("serving "), f"the server said {line!r}")
            yield int(line.rsplit(":", 1)[1])
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                code = server.wait(20 * pace())
            except subprocess.TimeoutExpired:
                server.kill()
                code = None
            self._servers.remove(server)
        require(code == 0, f"the server ended with {code} on SIGTERM")

    def close(self):
        for server in self._servers:
            server.kill()


@functools.cache
def carrier_obstacle(stflash, carrier):
    """Why a carrier does not work on this machine; None when it does."""
    command = [str(stflash), "--sim", "stm32f407vg", "sim", "run", "--carrier", carrier, "--", "true"]
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60 * pace())
    if result.returncode == 0:
        return None
    return f"--carrier {carrier} does not work here: {result.stderr.strip().splitlines()[0]}"


def wait_for(condition, limit=20):
    """Waits until a condition holds; whether it came to that in so many seconds of the reference machine."""
    end = time.monotonic() + limit * pace()
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False

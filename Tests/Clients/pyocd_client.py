"""pyOCD as PyPI hands it out, with the libusb that it brings, through the virtual USB file system."""

import functools
import re
import subprocess
from pathlib import Path

from bench import Failure, Operation, Skip, carrier_obstacle, pace, require, wait_for
from gdb_client import FIRMWARE, WAYS, by_address, free_port

ROOT = Path(__file__).resolve().parents[2]
FLASH = 0x0800_0000

# Why pyOCD cannot be had; None while nobody has found out, or when it can.
obstacle = None


def install():
    """Puts pyOCD into the project's virtual environment, where it is not there yet."""
    global obstacle
    try:
        subprocess.run([ROOT / "scripts" / "python-environment", "pyocd==0.46.0"], check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        obstacle = f"pyOCD cannot be installed from PyPI ({type(error).__name__})"


def program():
    if obstacle is not None:
        raise Skip(obstacle)
    return ROOT / ".venv" / "bin" / "pyocd"


def pyocd(bench, *arguments, **options):
    result = bench.plugged([program(), *arguments], **options)
    output = result.stdout + result.stderr
    require(not re.search(r"^\d{7} [EC] (?!Could not get disk)", output, re.MULTILINE), f"pyOCD said {output.strip()}")
    return output


def target(bench):
    if bench.target.pyocd is None:
        raise Skip("pyOCD has no built-in target for this chip, only packs from the network")
    return bench.target.pyocd


def list_probes(bench):
    output = pyocd(bench, "list")
    require(bench.probe_facts()["serial"] in output.replace("\n", ""), "the serial is not in the list")


def commander(bench):
    content = bench.image(64, seed=21)
    bench.put(FLASH, content)
    output = pyocd(
        bench, "cmd", "-t", "cortex_m", "-c", "halt", "-c", f"read8 {FLASH:#x} 16", "-c", "write32 0x20000000 0xCAFEF00D",
        "-c", "read32 0x20000000", "-c", "reg pc")
    bytes_read = " ".join(f"{byte:02x}" for byte in content[:16])
    require(bytes_read in re.sub(" +", " ", output), "pyOCD read other bytes")
    require("20000000:  cafef00d" in output, "RAM did not keep its word")


def flash(bench):
    content = bench.image(20_000, seed=22)
    pyocd(bench, "flash", "-t", target(bench), "--base-address", hex(FLASH), bench.file("fw.bin", content))
    bench.require_contents(FLASH, content)


def erase(bench):
    name = target(bench)
    content = bench.image(40_000, seed=23)
    bench.put(FLASH, content)
    pyocd(bench, "erase", "-t", name, "--sector", f"{FLASH + 0x4000:#x}")
    bench.require_contents(FLASH, content[:0x4000] + b"\xff" * 0x4000 + content[0x8000:])
    pyocd(bench, "erase", "-t", name, "--chip")
    bench.require_contents(FLASH, b"\xff" * bench.target.flash)


def reset(bench):
    bench.put(FLASH, bench.image(100))
    pyocd(bench, "reset", "-t", "cortex_m")


def gdbserver(bench, run):
    """gdb-multiarch through pyOCD's server, which ends when GDB has gone."""
    name = target(bench)
    port = free_port()
    obstacle = carrier_obstacle(bench.stflash, "umockdev")
    if obstacle:
        raise Skip(obstacle)
    command = [bench.stflash, *bench.simulator, "sim", "run", "--carrier", "umockdev", "--", program(), "gdbserver", "-t", name,
               "-p", port, "-T", free_port(), "-M", "under-reset"]
    said = bench.folder / "gdbserver.txt"
    with said.open("w") as log:
        server = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        if not wait_for(lambda: "GDB server" in said.read_text(), 60):
            raise Failure(f"no server: {said.read_text().strip()[-200:]}")
        run(bench, port, "detach")
        server.wait(20 * pace())
    except subprocess.TimeoutExpired:
        raise Failure("the server does not end when GDB has gone") from None
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(20 * pace())
    if run is by_address:
        bench.require_contents(FLASH, (FIRMWARE / "blink.bin").read_bytes())


OPERATIONS = [
    Operation("pyocd list", list_probes),
    Operation("pyocd commander", commander),
    Operation("pyocd flash", flash),
    Operation("pyocd erase", erase),
    Operation("pyocd reset", reset),
    *(Operation(f"pyocd gdbserver: {label}", functools.partial(gdbserver, run=run)) for label, run in WAYS),
]

"""stm32flash (Debian) and stm32loader (PyPI) at the ROM bootloader's serial port, through a pseudo-terminal.

Every operation goes over two dies: the target's own, and one that no target has. What a tool did is read by SWD.
"""

import dataclasses
import subprocess

from bench import Bench, Failure, Operation, Skip, need, require
from pyocd_client import ROOT

FLASH = 0x0800_0000
SIZE = 20_000
BAUD = "460800"

# For each target a chip of a die that no target has; None where all have been given away.
PARTNERS = {
    "nucleo-f207zg": "stm32f401cb", "stm32f405rg": "stm32f401re", "stm32f411re": "stm32f410cb",
    "nucleo-f412zg": "stm32f413zh", "nucleo-f446re": "stm32f469ni",
}
FLASH_SIZES = {"stm32f401cb": 0x2_0000, "stm32f401re": 0x8_0000, "stm32f410cb": 0x2_0000, "stm32f413zh": 0x18_0000,
               "stm32f469ni": 0x20_0000}

# A pseudo-terminal has no modem lines, and stm32loader has no option to leave them alone; nor has it a parity.
LAUNCHER = """
import sys
from serial import serialposix
serialposix.Serial._update_rts_state = lambda self: None
serialposix.Serial._update_dtr_state = lambda self: None
from stm32loader.main import main
main(*sys.argv[1:])
"""

# Why stm32loader cannot be had; None while nobody has found out, or when it can.
obstacle = None


def install():
    """Puts stm32loader into the project's virtual environment, where it is not there yet."""
    global obstacle
    try:
        subprocess.run(
            [ROOT / "scripts" / "python-environment", "stm32loader==0.7.1"], check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        obstacle = f"stm32loader cannot be installed from PyPI ({type(error).__name__})"


def dies(bench):
    """The bench, and one of the target's partner."""
    yield bench
    partner = PARTNERS.get(bench.target.name)
    if partner:
        folder = bench.folder / partner
        folder.mkdir()
        yield Bench(
            bench.stflash, dataclasses.replace(bench.target, name=partner, flash=FLASH_SIZES[partner]), folder)


def on_both(run):
    """An operation that is run on both dies."""
    def operation(bench):
        for one in dies(bench):
            try:
                run(one)
            except Failure as reason:
                raise Failure(f"{one.target.name}: {reason}") from reason
    return operation


def put_bytes(bench, address, content):
    """Puts on the chip what is no firmware."""
    bench.own(["write", "--as-is", str(bench.file("put.bin", content)), hex(address)])


def plugged(bench, command, expect=0, options=()):
    """Runs a program at the bootloader; @TTY@ is its port."""
    simulator = [*bench.simulator, *options, "--sim-boot", "system"]
    return bench.call([str(bench.stflash), *simulator, "sim", "run", "--uart", "--", *map(str, command)], expect)


def stm32flash(bench, *arguments, expect=0):
    return plugged(bench, [need("stm32flash", "stm32flash"), "-m", "8n1", "-b", BAUD, *arguments, "@TTY@"], expect)


def stm32loader(bench, *arguments, expect=0):
    if obstacle is not None:
        raise Skip(obstacle)
    launcher = bench.file("launcher.py", LAUNCHER.encode())
    python = ROOT / ".venv" / "bin" / "python"
    return plugged(
        bench, [python, launcher, "--port", "@TTY@", "--baud", BAUD, "--parity", "none", "--family", "F4", "--no-progress", *arguments],
        expect)


def own(bench, *arguments, expect=0):
    """Our own host at the same pseudo-terminal."""
    return plugged(bench, [str(bench.stflash), "--port", "@TTY@", "--baud", BAUD, *arguments], expect)


@on_both
def flash_write(bench):
    content = bench.image(SIZE, seed=31)
    put_bytes(bench, FLASH + 0xC000, b"neighbour")
    result = stm32flash(bench, "-w", bench.file("fw.bin", content), "-v", "-S", hex(FLASH))
    require("Done." in result.stdout, "stm32flash did not come to its end")
    bench.require_contents(FLASH, content)
    bench.require_contents(FLASH + 0xC000, b"neighbour", "another sector")


@on_both
def flash_read(bench):
    content = bench.image(SIZE, seed=32)
    bench.put(FLASH, content)
    path = bench.folder / "back.bin"
    stm32flash(bench, "-r", path, "-S", f"{FLASH:#x}:{SIZE}")
    require(path.read_bytes() == content, "stm32flash read other bytes")


@on_both
def flash_erase(bench):
    bench.put(FLASH, bench.image(SIZE, seed=33))
    stm32flash(bench, "-o")
    bench.require_contents(FLASH, b"\xff" * bench.target.flash)


@on_both
def flash_protection(bench):
    """Read protection on and off; what it hides is gone."""
    bench.put(FLASH, bench.image(1000, seed=34))
    stm32flash(bench, "-j")
    shown = bench.own(["option"]).stdout
    require("RDP         level1" in shown, "read protection is not on")
    path = bench.folder / "hidden.bin"
    stm32flash(bench, "-r", path, "-S", f"{FLASH:#x}:256", expect=1)
    stm32flash(bench, "-k")
    require("RDP         level0" in bench.own(["option"]).stdout, "read protection is still on")
    bench.require_contents(FLASH, b"\xff" * 1000)


@on_both
def flash_write_unprotect(bench):
    bench.own(["protect", "--sectors", "0-1"])
    stm32flash(bench, "-u")
    bench.own(["write", str(bench.file("fw.bin", bench.image(1000))), hex(FLASH)])


@on_both
def loader_write(bench):
    content = bench.image(SIZE, seed=35)
    result = stm32loader(bench, "-e", "-w", "-v", bench.file("fw.bin", content))
    require("Verification OK" in result.stdout + result.stderr, "stm32loader did not verify")
    bench.require_contents(FLASH, content)


@on_both
def loader_read(bench):
    content = bench.image(SIZE, seed=36)
    bench.put(FLASH, content)
    path = bench.folder / "back.bin"
    stm32loader(bench, "-r", "-a", hex(FLASH), "-l", SIZE, path)
    require(path.read_bytes() == content, "stm32loader read other bytes")


@on_both
def loader_protection(bench):
    """Read protection on and off; what it hides is gone."""
    bench.put(FLASH, bench.image(1000, seed=38))
    stm32loader(bench, "-x", expect=None)
    require("RDP         level1" in bench.own(["option"]).stdout, "read protection is not on")
    stm32loader(bench, "-u", expect=None)
    require("RDP         level0" in bench.own(["option"]).stdout, "read protection is still on")
    bench.require_contents(FLASH, b"\xff" * 1000)


@on_both
def own_write(bench):
    content = bench.image(SIZE, seed=37)
    put_bytes(bench, FLASH + 0x5000, b"kept")
    own(bench, "write", bench.file("fw.bin", content), hex(FLASH))
    bench.require_contents(FLASH, content)
    bench.require_contents(FLASH + 0x5000, b"kept", "what the image does not mention")


OPERATIONS = [
    Operation("stm32flash write, verify", flash_write),
    Operation("stm32flash read", flash_read),
    Operation("stm32flash erase", flash_erase),
    Operation("stm32flash read protection", flash_protection),
    Operation("stm32flash write unprotect", flash_write_unprotect),
    Operation("stm32loader erase, write, verify", loader_write),
    Operation("stm32loader read", loader_read),
    Operation("stm32loader read protection", loader_protection),
    Operation("stflash at a port, write", own_write),
]

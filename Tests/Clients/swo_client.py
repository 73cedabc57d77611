"""What a firmware says over SWO, through st-trace, OpenOCD's tpiu and pyOCD's SWV: firmware/tests/tracer.c."""

import functools
import re
from pathlib import Path

import openocd_client
import pyocd_client
import stlink_client
from bench import Operation, need, require
from gdb_client import free_port

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware" / "tests"
# The tracer runs at HSI.
HCLK = 16_000_000
BAUD = 2_000_000
SECONDS = 5
# How much of what has come is looked at: more than 60 beats.
CHECKED = 2_000


def flash(bench):
    bench.own(["write", str(FIRMWARE / "tracer.elf")])


def require_beats(text, count):
    """Lines of successive beats, whatever came before the first."""
    numbers = [int(number) for number in re.findall(r"^beat (\d+)\r?$", text, re.MULTILINE)]
    require(len(numbers) >= count, f"{len(numbers)} beats, not {count}: {text[-200:]!r}")
    numbers = numbers[:count]
    require(numbers == list(range(numbers[0], numbers[0] + count)), f"beats are missing: {numbers}")


def st_trace(bench):
    flash(bench)
    tool = ["timeout", "-s", "INT", SECONDS, need("st-trace", stlink_client.PACKAGE), "--clock=16", f"--trace={BAUD}"]
    output = bench.plugged(tool, expect=None)
    require_beats(output.stdout, 10)


def decoded(content):
    """What came through port 0 as text, and the numbers of port 1; any other packet is an error."""
    text, numbers, place = bytearray(), [], 0
    while place < len(content):
        header = content[place]
        size = (0, 1, 2, 4)[header & 3]
        require(header & 0xF4 == 0 and size or header in (0, 0x80), f"packet {header:#04x} at {place}")
        payload = content[place + 1:place + 1 + size]
        if size and header >> 3 == 0:
            text += payload
        elif size:
            numbers.append((size, int.from_bytes(payload, "little")))
        place += 1 + size
    return text.decode(errors="replace"), numbers


def tpiu(bench, driver, carrier):
    flash(bench)
    path = bench.folder / "swo.bin"
    name = bench.target.openocd + ".tpiu"
    openocd_client.openocd(
        bench, driver, carrier, "reset halt",
        f"{name} configure -protocol uart -output {path} -traceclk {HCLK} -pin-freq {BAUD} -formatter off",
        f"{name} enable", "itm ports on", "resume", "sleep 2000")
    # Where other programs keep OpenOCD from polling, the probe's 4096 bytes are full some time, as a real one's are.
    content = path.read_bytes()[:CHECKED]
    # The last packet may have come in part.
    end = content.rfind(b"\x01\x0a") + 2
    text, numbers = decoded(content[:end])
    require(text.startswith("hello over SWO\nbeat 1\n"), f"it begins with {text[:40]!r}")
    require_beats(text, 20)
    require(numbers[:6] == [(1, 1), (2, 0x1201), (4, 0x1234_5601), (1, 2), (2, 0x1202), (4, 0x1234_5602)], f"{numbers[:6]}")


def swv(bench):
    name = pyocd_client.target(bench)
    flash(bench)
    # pyOCD leaves it to the user to give the trace port its pin: TRACE_IOEN of DBGMCU_CR.
    script = bench.file("pin.py", b"""
def did_init_target(target):
    target.write32(0xE0042004, target.read32(0xE0042004) | 0x20)
""")
    tool = [
        pyocd_client.program(), "run", "-t", name, "--timelimit", SECONDS, "--script", script, "-O", "enable_swv=1", "-O",
        f"swv_system_clock={HCLK}", "-O", f"swv_clock={BAUD}", "-O", f"swv_raw_port={free_port()}", "-O", "semihost_console_type=off",
    ]
    require_beats(bench.plugged(tool).stdout, 10)


OPERATIONS = [
    Operation("st-trace", st_trace),
    *(
        Operation(f"openocd {driver} {carrier} tpiu", functools.partial(tpiu, driver=driver, carrier=carrier))
        for driver, carrier in [("hla", "tcp"), ("hla", "usb"), ("dap", "tcp")]
    ),
    Operation("pyocd run with SWV", swv),
]

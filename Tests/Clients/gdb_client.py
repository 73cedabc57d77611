"""gdb-multiarch through OpenOCD over TCP, by addresses and by symbols: load, break at main, step, watch, go on."""

import contextlib
import functools
import re
import socket
import subprocess
from pathlib import Path

from bench import Failure, Operation, need, require, wait_for
from openocd_client import BACKENDS, INTERFACES

FLASH = 0x0800_0000
FIRMWARE = Path(__file__).resolve().parent.parent.parent / "firmware" / "tests"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def openocd_server(bench, driver):
    """OpenOCD on the simulated probe; gives the port for GDB."""
    server = need("openocd", "openocd")
    transport = ["-c", "transport select dapdirect_swd"] if driver == "dap" else []
    port, control = free_port(), free_port()
    with bench.served() as probe_port:
        with (bench.folder / "openocd.txt").open("w") as log:
            openocd = subprocess.Popen(
                [server, "-f", INTERFACES[driver], "-c", BACKENDS[driver].format(probe_port), *transport, "-c",
                 f"gdb_port {port}", "-c", f"telnet_port {control}", "-c", "tcl_port disabled", "-f",
                 f"target/{bench.target.openocd}.cfg"], stdout=log, stderr=log)
        try:
            # The port for commands: a connection to GDB's would count as a GDB.
            if not wait_for(lambda: listens(control)):
                raise Failure("OpenOCD did not come up")
            yield port
        finally:
            openocd.terminate()
            openocd.wait(10)


def gdb(bench, firmware, port, *script):
    """What GDB says to a script, after it has loaded a firmware and reset the chip."""
    arguments = [need("gdb-multiarch", "gdb-multiarch"), "-nx", "-batch", FIRMWARE / firmware]
    begin = ["set pagination off", "set confirm off", f"target extended-remote 127.0.0.1:{port}",
             "monitor reset halt", "load", "monitor reset halt"]
    for line in (*begin, *script):
        arguments += ["-ex", line]
    return bench.call(list(map(str, arguments)), expect=None).stdout


def by_address(bench, port, *leave):
    """Steps and stops by addresses, in a firmware without symbols."""
    output = gdb(
        bench, "blink.elf", port, "print/x $pc", "stepi", "print/x $pc", "hbreak *((unsigned)$pc + 8)", "continue",
        "print/x $pc", "x/2xw 0x08000000", "compare-sections", *leave)
    counters = [int(value, 16) for value in re.findall(r"\$\d+ = (0x[0-9a-f]+)", output)]
    require(len(counters) == 3, f"program counters {counters}")
    start = int.from_bytes((FIRMWARE / "blink.bin").read_bytes()[4:8], "little") & ~1
    require(counters[0] == start, f"starts at {counters[0]:#x}, not {start:#x}")
    require(0 < counters[1] - start <= 4 and counters[2] == counters[1] + 8, f"program counters {counters}")
    require("MIS-MATCHED" not in output and "matched" in output, "GDB finds other bytes on the chip")


def by_symbol(bench, port, *leave):
    """Stops in main, steps through lines, watches a variable, looks out of an interrupt: a firmware with symbols."""
    output = gdb(
        bench, "metronome.elf", port, "break main", "continue", "print tempo", "next", "next", "next",
        "tbreak accent", "continue", "backtrace", "finish", "watch beats", "continue",
        "print beats", "delete", "tbreak SysTick_Handler", "continue", "backtrace", "delete",
        "tbreak beat if beats == 3", "continue", "print beats", "print accents", "compare-sections", *leave)

    def says(pattern, what):
        require(re.search(pattern, output, re.DOTALL), f"{what}: GDB said {output[-300:]!r}")

    says(r"Breakpoint 1, main \(\) at .*?metronome\.c", "no stop in main")
    says(r"\$1 = 10\b", "initialised data was not copied")
    says(r"\$1 = 10\s+39\t[^\n]*\s+40\t[^\n]*\s+42\t", "the lines of main did not run one by one")
    says(r"#0 +accent \(beat=0\).*?#1 +\S* *in beat \(\).*?#2 +\S* *in main \(\)", "no stack of three functions")
    says(r"Value returned is \$2 = 1\b", "finish brings no value")
    # OpenOCD's HLA does not tell GDB that it was a watchpoint that stopped the core.
    says(r"(Old value = 0.*?New value = 1|SIGTRAP).*?\$3 = 1\b", "the watchpoint did not stop at the write")
    says(r"SysTick_Handler \(\).*?#1 +<signal handler called>.*?main \(\)", "no stop in the interrupt")
    says(r"beat \(\).*?\$4 = 3\b.*?\$5 = \{1, 1, 1, 0\}", "no stop at the third beat")
    require("MIS-MATCHED" not in output and "matched" in output, "GDB finds other bytes on the chip")


def through_openocd(bench, run, driver):
    with openocd_server(bench, driver) as port:
        run(bench, port, "monitor shutdown", "disconnect")
    if run is by_address:
        bench.require_contents(FLASH, (FIRMWARE / "blink.bin").read_bytes())


WAYS = [("load, step, break, continue", by_address), ("break at main, step lines, watch, continue", by_symbol)]

OPERATIONS = [
    Operation(f"gdb openocd {driver} {label}", functools.partial(through_openocd, run=run, driver=driver))
    for driver in ("hla", "dap") for label, run in WAYS
]

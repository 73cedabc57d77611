"""gdb-multiarch through OpenOCD over TCP: load, break at main, step, go on."""

import re
import socket
import subprocess
from pathlib import Path

from bench import Failure, Operation, need, require, wait_for
from openocd_client import BACKENDS, INTERFACES

FIRMWARE = Path(__file__).resolve().parent.parent / "Fixtures" / "firmware"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def debug(bench):
    gdb = need("gdb-multiarch", "gdb-multiarch")
    server = need("openocd", "openocd")
    elf = FIRMWARE / "blink.elf"
    port, control = free_port(), free_port()
    with bench.served() as probe_port:
        with (bench.folder / "openocd.txt").open("w") as log:
            openocd = subprocess.Popen(
                [server, "-f", INTERFACES["dap"], "-c", BACKENDS["dap"].format(probe_port), "-c",
                 "transport select dapdirect_swd", "-c", f"gdb_port {port}", "-c", f"telnet_port {control}", "-c",
                 "tcl_port disabled", "-f", f"target/{bench.target.openocd}.cfg"], stdout=log, stderr=log)
        try:
            # The port for commands: a connection to GDB's would count as a GDB.
            if not wait_for(lambda: listens(control)):
                raise Failure("OpenOCD did not come up")
            script = [
                "set pagination off", "set confirm off", f"target extended-remote 127.0.0.1:{port}",
                "monitor reset halt", "load", "monitor reset halt", "print/x $pc", "stepi", "print/x $pc",
                "hbreak *((unsigned)$pc + 8)", "continue", "print/x $pc", "x/2xw 0x08000000", "compare-sections",
                "monitor shutdown", "disconnect",
            ]
            arguments = [gdb, "-nx", "-batch", str(elf)]
            for line in script:
                arguments += ["-ex", line]
            output = bench.call(arguments, expect=None).stdout
        finally:
            openocd.terminate()
            openocd.wait(10)
    counters = [int(value, 16) for value in re.findall(r"\$\d+ = (0x[0-9a-f]+)", output)]
    require(len(counters) == 3, f"program counters {counters}")
    start = int.from_bytes((FIRMWARE / "blink.bin").read_bytes()[4:8], "little") & ~1
    require(counters[0] == start, f"starts at {counters[0]:#x}, not {start:#x}")
    require(0 < counters[1] - start <= 4 and counters[2] == counters[1] + 8, f"program counters {counters}")
    require("MIS-MATCHED" not in output and "matched" in output, "GDB finds other bytes on the chip")
    bench.require_contents(0x0800_0000, (FIRMWARE / "blink.bin").read_bytes())


OPERATIONS = [Operation("gdb load, step, break, continue", debug)]

"""What a firmware says by RTT and semihosting, through OpenOCD, and by semihosting, through pyOCD: firmware/tests/voices.c.

pyOCD's RTT viewer wants a terminal, and a program that has begun and does not sleep.
"""

import functools
import re
import socket
import subprocess
from pathlib import Path

import openocd_client
import pyocd_client
from bench import Operation, need, pace, require, wait_for
from gdb_client import free_port
from openocd_client import BACKENDS, INTERFACES

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware" / "tests" / "voices.elf"
RAM = "0x20000000"
# The firmware idles in WFI, where nobody gets hold of it without a reset.
UNDER_RESET = ("reset_config srst_only srst_nogate connect_assert_srst",)
SECONDS = 5


def semihosting(bench, driver, carrier):
    bench.own(["write", str(FIRMWARE)])
    # OpenOCD ends as the program says.
    output = openocd_client.openocd(
        bench, driver, carrier, "reset halt", "arm semihosting enable", "arm semihosting_cmdline say exit 3", "resume",
        "sleep 10000", before=UNDER_RESET, expect=3)
    require("hello by semihosting" in output, f"no greeting: {output.strip()[-200:]!r}")


def ticks(text):
    return [int(number) for number in re.findall(r"^tick (\d+)\r?$", text, re.MULTILINE)]


def rtt(bench, driver):
    """OpenOCD's RTT server, while the firmware ticks; it asks semihosting for a command line and gets none."""
    bench.own(["write", str(FIRMWARE)])
    port, said = free_port(), bytearray()
    transport = ["-c", "transport select dapdirect_swd"] if driver == "dap" else []
    commands = [
        *UNDER_RESET, "init", "reset halt", "arm semihosting enable", "resume", "sleep 300",
        f'rtt setup {RAM} 0x8000 "SEGGER RTT"', "rtt start", f"rtt server start {port} 0",
    ]
    with bench.served() as probe_port:
        command = [need("openocd", "openocd"), "-f", INTERFACES[driver], "-c", BACKENDS[driver].format(probe_port), *transport]
        command += ["-f", f"target/{bench.target.openocd}.cfg"]
        for text in ("gdb_port disabled", "tcl_port disabled", "telnet_port disabled", *commands):
            command += ["-c", text]
        with (bench.folder / "openocd.txt").open("w") as log:
            openocd = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            wait_for(lambda: receive(port, said) or len(ticks(said.decode(errors="replace"))) >= 5)
        finally:
            openocd.terminate()
            openocd.wait(20 * pace())
    numbers = ticks(said.decode(errors="replace"))
    require(len(numbers) >= 5 and numbers == sorted(numbers), f"it said {bytes(said[-200:])!r}")


def receive(port, said):
    """Adds what comes within a second or two; nothing where nobody listens yet."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(2 * pace())
            while len(said) < 200 and (piece := connection.recv(4096)):
                said.extend(piece)
    except OSError:
        pass


def pyocd_semihosting(bench):
    name = pyocd_client.target(bench)
    bench.own(["write", str(FIRMWARE)])
    tool = [
        pyocd_client.program(), "run", "-t", name, "-M", "under-reset", "--timelimit", SECONDS, "-O", "enable_semihosting=1", "-O",
        "semihost.commandline=say", "-O", "semihost_console_type=console",
    ]
    output = bench.plugged(tool).stdout
    require("hello by semihosting" in output, f"it said {output[-200:]!r}")


OPERATIONS = [
    *(
        Operation(f"openocd {driver} {carrier} semihosting", functools.partial(semihosting, driver=driver, carrier=carrier))
        for driver, carrier in [("hla", "tcp"), ("dap", "tcp"), ("dap", "usb")]
    ),
    *(Operation(f"openocd {driver} rtt", functools.partial(rtt, driver=driver)) for driver in ("hla", "dap")),
    Operation("pyocd run with semihosting", pyocd_semihosting),
]

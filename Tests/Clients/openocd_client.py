"""OpenOCD 0.12 (Debian): its two ways to drive an ST-LINK, each over TCP and over USB."""

import functools
import re

from bench import Operation, need, require

FLASH = 0x0800_0000
RAM = 0x2000_0000
INTERFACES = {"hla": "interface/stlink.cfg", "dap": "interface/stlink-dap.cfg"}
BACKENDS = {"hla": "hla_stlink_backend tcp {}", "dap": "st-link backend tcp {}"}


def openocd(bench, driver, carrier, *commands, expect=0):
    """Runs OpenOCD with commands after `init`, and returns all that it said."""
    program = need("openocd", "openocd")
    transport = ["-c", "transport select dapdirect_swd"] if driver == "dap" else []
    ports = ["-c", "gdb_port disabled", "-c", "tcl_port disabled", "-c", "telnet_port disabled"]

    def line(backend):
        command = [program, "-f", INTERFACES[driver], *backend, *transport, *ports]
        command += ["-f", f"target/{bench.target.openocd}.cfg", "-c", "init"]
        for text in (*commands, "shutdown"):
            command += ["-c", text]
        return command

    if carrier == "tcp":
        with bench.served() as port:
            result = bench.call(line(["-c", BACKENDS[driver].format(port)]), expect)
    else:
        result = bench.plugged(line([]), expect)
    return result.stdout + result.stderr


def memory(bench, driver, carrier):
    content = bench.image(5_000, seed=11)
    bench.put(FLASH, content)
    path = bench.folder / "dump.bin"
    output = openocd(
        bench, driver, carrier, "halt", f"mww {RAM:#x} 0xDEADBEEF", f"mwh {RAM + 4:#x} 0x1234", f"mwb {RAM + 6:#x} 0x56",
        f"mdw {RAM:#x}", f"mdh {RAM + 4:#x}", f"mdb {RAM + 6:#x}", f"dump_image {path} {FLASH:#x} {len(content)}")
    for text in ("0x20000000: deadbeef", "0x20000004: 1234", "0x20000006: 56"):
        require(text in output, f"no {text!r}")
    require(path.read_bytes() == content, "OpenOCD read other bytes")


def control(bench, driver, carrier):
    bench.put(FLASH, bench.image(1_000, seed=12))
    output = openocd(
        bench, driver, carrier, "reset halt", "reg pc", "step", "reg pc", "resume", "halt", "reset run", "targets")
    counters = re.findall(r"pc \(/32\): (0x[0-9a-f]+)", output)
    require(len(counters) == 2 and int(counters[0], 16) == FLASH + 0x40, f"pc {counters}")
    require(f"{bench.target.core} r" in output, "the core was not recognised")
    require("Error" not in output, re.findall(r"Error.*", output)[0] if "Error" in output else "")


def flash_info(bench, driver, carrier):
    output = openocd(bench, driver, carrier, "reset halt", "flash info 0")
    require(re.search(f"device id = 0x[0-9a-f]{{5}}{bench.target.chip_id:03x}", output), "no device id")
    require(f"flash size = {bench.target.flash >> 10} KiB" in output, "no flash size")


def program(bench, driver, carrier):
    content = bench.image(34_567, seed=13)
    path = bench.file("fw.bin", content)
    output = openocd(bench, driver, carrier, f"program {path} {FLASH:#x} verify reset")
    require("** Verified OK **" in output, "OpenOCD did not verify")
    bench.require_contents(FLASH, content)


def program_high(bench, driver, carrier):
    content = bench.image(3_001, seed=14)
    path = bench.file("fw.bin", content)
    address = FLASH + bench.target.flash - 0x2_0000
    output = openocd(bench, driver, carrier, f"program {path} {address:#x} verify")
    require("** Verified OK **" in output, "OpenOCD did not verify")
    bench.require_contents(address, content)


def erase_check(bench, driver, carrier):
    bench.put(FLASH, bench.image(1_000, seed=15))
    output = openocd(bench, driver, carrier, "reset halt", "flash erase_check 0", "flash info 0")
    # OpenOCD lists what is not blank.
    require(re.findall(r"#\s*(\d+): .* not erased", output) == ["0"], f"said {output.strip()}")


def protect(bench, driver, carrier):
    openocd(bench, driver, carrier, "reset halt", "flash protect 0 1 2 on", "reset halt")
    output = openocd(bench, driver, carrier, "reset halt", "flash info 0")
    lines = {int(number): state for number, state in re.findall(r"#\s*(\d+): 0x\w+ \(0x\w+ \w+\) (.+)", output)}
    require("protected" in lines.get(1, "") and "not protected" not in lines[1], f"sector 1 is {lines.get(1)}")
    require("not protected" in lines.get(3, ""), f"sector 3 is {lines.get(3)}")


def mass_erase(bench, driver, carrier):
    bench.put(FLASH, bench.image(1_000, seed=16))
    bench.put(FLASH + bench.target.flash - 0x2_0000, bench.image(1_000, seed=17))
    openocd(bench, driver, carrier, "reset halt", f"{bench.target.openocd} mass_erase 0")
    bench.require_contents(FLASH, b"\xff" * bench.target.flash)


STEPS = [
    ("memory", memory), ("halt, step, reset", control), ("flash info", flash_info), ("program, verify", program),
    ("program, last sector", program_high), ("erase_check", erase_check), ("protect", protect),
    ("mass erase", mass_erase),
]

OPERATIONS = [
    Operation(f"openocd {driver} {carrier} {label}", functools.partial(
        lambda bench, run, driver, carrier: run(bench, driver, carrier), run=run, driver=driver, carrier=carrier))
    for driver in ("hla", "dap") for carrier in ("tcp", "usb") for label, run in STEPS
]

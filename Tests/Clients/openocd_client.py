"""OpenOCD 0.12 (Debian): its two ways to drive an ST-LINK, each over TCP and over USB."""

import dataclasses
import functools
import json
import re

from bench import Bench, Failure, Operation, need, require

FLASH = 0x0800_0000
RAM = 0x2000_0000
INTERFACES = {"hla": "interface/stlink.cfg", "dap": "interface/stlink-dap.cfg"}
BACKENDS = {"hla": "hla_stlink_backend tcp {}", "dap": "st-link backend tcp {}"}


def openocd(bench, driver, carrier, *commands, expect=0, before=()):
    """Runs OpenOCD with commands before and after `init`, and returns all that it said."""
    program = need("openocd", "openocd")
    transport = ["-c", "transport select dapdirect_swd"] if driver == "dap" else []
    ports = ["-c", "gdb_port disabled", "-c", "tcl_port disabled", "-c", "telnet_port disabled"]

    def line(backend):
        command = [program, "-f", INTERFACES[driver], *backend, *transport, *ports]
        command += ["-f", f"target/{bench.target.openocd}.cfg"]
        for text in (*before, "init", *commands, "shutdown"):
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


# The dies of which no target is, by a target with the same probe: with these OpenOCD meets every die that it knows.
OTHER_DIES = {
    "stm32f405rg": ["stm32f413zh"], "stm32f411re": ["stm32f401cc"], "nucleo-f412zg": ["stm32f410rb"],
    "stm32f429zi": ["stm32f469zi"], "nucleo-f446re": ["stm32f401re"],
}


def option_bytes(bench):
    """What we set OpenOCD reads, and what it sets we read: user byte, sector protection, read protection, OTP."""
    for chip in [bench.target.name, *OTHER_DIES.get(bench.target.name, [])]:
        other = Bench(bench.stflash, dataclasses.replace(bench.target, name=chip), bench.folder)
        other.state = bench.folder / f"{chip}.state"
        try:
            option_bytes_of(other)
        except Failure as reason:
            raise Failure(f"{chip}: {reason}") from reason
        finally:
            other.close()


def option_bytes_of(bench):
    family, key = bench.target.openocd.removesuffix("x") + "x", b"OTPBYTES"
    path = bench.file("key.bin", key)
    bench.own(["option", "BOR_LEV=2.4V", "nRST_STOP=0", "WRP=2"])
    bench.own(["otp", "write", str(path), "0x1FFF7820", "--irreversible", "OTP"])
    output = openocd(
        bench, "dap", "tcp", "reset halt", f"{family} options_read 0", "flash info 0", "mdw 0x1fff7820 2", "flash info 1",
        # WDG_SW and nRST_STOP on, nRST_STDBY off, BOR_LEV off; then our sector is opened and another one closed.
        f"{family} options_write 0 0x6C", "flash protect 0 2 2 off", "flash protect 0 3 3 on",
        f"{family} otp 1 enable", f"flash write_image {path} 0x1fff7840 bin")
    found = re.search(r"user_options 0x([0-9A-F]+)", output)
    require(found and int(found[1], 16) & 0xEC == 0xA4, f"user options {found and found[1]}, not A4")
    main, once = output.split("flash write_image")[0].split("#0 : ")[1].split("#1 : ")
    protected = re.findall(r"#\s*(\d+): 0x\w+ \(0x\w+ \w+\) protected", main)
    require(protected == ["2"], f"OpenOCD shows sectors {protected} protected")
    require("4250544f 53455459" in output, "OpenOCD reads another OTP")
    require(once.count("not protected") == 16, "OpenOCD shows locked OTP blocks")
    fields = {field["name"]: field for field in options(bench)["fields"]}
    words = {name: fields[name]["word"] for name in ("RDP", "BOR_LEV", "WDG_SW", "nRST_STOP", "nRST_STDBY")}
    require(list(words.values()) == ["level0", "off", "software", "no-reset", "reset"], f"we read {words}")
    require(options(bench)["writeProtectedSectors"] == [3], "we read other sectors")
    require(bench.contents(0x1FFF_7840, len(key)) == key, "we read another OTP")

    openocd(bench, "dap", "tcp", "reset halt", f"{family} lock 0")
    require(level(bench) == "level1", f"after OpenOCD's lock we read {level(bench)}")
    openocd(bench, "dap", "tcp", "reset halt", f"{family} unlock 0")
    require(level(bench) == "level0", f"after OpenOCD's unlock we read {level(bench)}")
    bench.own(["otp", "lock", "1", "--irreversible", "OTP lock 1"])
    bench.own(["protect", "--read"])
    output = openocd(bench, "dap", "tcp", "reset halt", "flash info 0", expect=None)
    require("Device Security Bit Set" in output, "OpenOCD does not see our read protection")
    bench.own(["unprotect", "--erase-everything"])
    output = openocd(bench, "dap", "tcp", "reset halt", "flash info 1")
    locked = re.findall(r"#\s*(\d+): 0x\w+ \(0x\w+ \w+\) protected", output)
    require(locked == ["1"], f"OpenOCD shows OTP blocks {locked} locked")


def options(bench):
    """The option bytes as our engine shows them."""
    for line in bench.own(["--json", "option"]).stdout.splitlines():
        event = json.loads(line)
        if event["event"] == "options":
            return event
    raise Failure("stflash option shows nothing")


def level(bench):
    return next(field["word"] for field in options(bench)["fields"] if field["name"] == "RDP")


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
OPERATIONS.append(Operation("openocd dap tcp option bytes and OTP", option_bytes))

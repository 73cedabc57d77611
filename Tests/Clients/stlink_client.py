"""st-info and st-flash of stlink 1.7 (Debian package stlink-tools), through the virtual USB file system."""

import re

from bench import Failure, Operation, Skip, need, require

PACKAGE = "stlink-tools"
FLASH = 0x0800_0000
# Two sectors of 16 KiB and a bit of the third, in more than one block of st-flash's loader.
SIZE = 34_567


def st_info(bench, *arguments, **options):
    return bench.plugged([need("st-info", PACKAGE), *arguments], **options)


def st_flash(bench, *arguments, **options):
    return bench.plugged([need("st-flash", PACKAGE), *arguments], **options)


def probe(bench):
    output = st_info(bench, "--probe").stdout
    fields = dict(re.findall(r"^\s*(\w+):\s+(\S+)", output, re.MULTILINE))
    facts = bench.probe_facts()
    require(fields.get("serial") == facts["serial"], f"serial {fields.get('serial')}, ours {facts['serial']}")
    require(int(fields["chipid"], 16) == bench.target.chip_id, f"chip id {fields['chipid']}")
    require(int(fields["flash"]) == bench.target.flash, f"flash size {fields['flash']}")
    require(int(fields["sram"]) == bench.target.sram, f"SRAM size {fields['sram']}")
    generation = facts["firmware"].split("J")[0]
    require(fields["version"].startswith(generation + "J"), f"version {fields['version']}, ours {facts['firmware']}")


def two_probes(bench):
    """--serial picks one of two probes; the other chip stays blank."""
    other = bench.folder / "other.state"
    # Another chip id, by which the two are told apart.
    neighbour = "stm32f407vg" if bench.target.chip_id != 0x413 else "stm32f401re"
    both = ["--sim", bench.target.name, "--sim", neighbour, "--sim-probe", bench.target.probe]
    both += ["--sim-state", str(bench.state), "--sim-state", str(other)]
    serials = re.findall(r"serial:\s+(\S+)", st_info(bench, "--probe", sim=both).stdout)
    require(len(set(serials)) == 2, f"serials {serials}")
    content = bench.image(1000)
    path = bench.file("fw.bin", content)
    identities = re.findall(r"chipid:\s+(\S+)", st_info(bench, "--probe", sim=both).stdout)
    mine = serials[[int(identity, 16) for identity in identities].index(bench.target.chip_id)]
    st_flash(bench, "--serial", mine, "write", path, hex(FLASH), sim=both)
    bench.require_contents(FLASH, content)
    theirs = ["--sim", neighbour, "--sim-state", str(other)]
    require(bench.contents(FLASH, 1000, theirs) == b"\xff" * 1000, "the other chip was written")


def write(bench):
    content = bench.image(SIZE)
    path = bench.file("fw.bin", content)
    result = st_flash(bench, "write", path, hex(FLASH))
    require("verified" in result.stdout + result.stderr, "st-flash did not verify")
    bench.require_contents(FLASH, content)


def write_high(bench):
    """An address in the last sector: on two-bank parts that is in the second bank."""
    content = bench.image(3_001, seed=2)
    address = FLASH + bench.target.flash - 0x2_0000
    st_flash(bench, "write", bench.file("fw.bin", content), hex(address))
    bench.require_contents(address, content)


def write_hex(bench):
    content = bench.image(2_000, seed=3)
    binary = bench.file("fw.bin", content)
    path = bench.folder / "fw.hex"
    bench.call(
        [need("objcopy", "binutils"), "-I", "binary", "-O", "ihex", "--change-addresses", hex(FLASH), binary, path])
    st_flash(bench, "--format", "ihex", "write", path)
    bench.require_contents(FLASH, content)


def write_under_reset(bench):
    content = bench.image(1_500, seed=4)
    st_flash(bench, "--connect-under-reset", "write", bench.file("fw.bin", content), hex(FLASH))
    bench.require_contents(FLASH, content)


def write_and_reset(bench):
    content = bench.image(1_500, seed=5)
    st_flash(bench, "--reset", "write", bench.file("fw.bin", content), hex(FLASH))
    bench.require_contents(FLASH, content)


def read(bench):
    # st-flash 1.7 reads whole words.
    content = bench.image(SIZE // 4 * 4, seed=6)
    bench.put(FLASH, content)
    path = bench.folder / "back.bin"
    st_flash(bench, "read", path, hex(FLASH), len(content))
    require(path.read_bytes() == content, "st-flash read other bytes")


def erase(bench):
    bench.put(FLASH, bench.image(SIZE, seed=7))
    st_flash(bench, "erase")
    # st-flash 1.7 knows no second bank: it sets MER alone, which leaves bank 2 of a real F42x as it was.
    bench.require_contents(FLASH, b"\xff" * min(bench.target.flash, 0x10_0000))


def reset(bench):
    bench.put(FLASH, bench.image(100))
    st_flash(bench, "reset")


def options(bench):
    result = st_flash(bench, "--area=option", "read", expect=None)
    output = result.stdout + result.stderr
    if "not supported" in output or "not implemented" in output:
        raise Skip("st-flash 1.7 does not read this chip's option bytes")
    found = re.search(r"^([0-9a-f]{8})$", output, re.MULTILINE)
    if found is None:
        raise Failure(f"exit code {result.returncode}, no value")
    # RDP level 0 and no write protection: what a chip from the factory has.
    value = int(found[1], 16)
    require(value >> 8 & 0xFF == 0xAA, f"option bytes {value:#x}")


def option_write(bench):
    """What st-flash sets we read, and what we set it reads; 1.7 knows one register, on some chips."""
    bench.own(["write", "--area=option", "0x0FFBAAA5"])
    result = st_flash(bench, "--area=option", "read", expect=None)
    if "not supported" in result.stdout + result.stderr:
        raise Skip("st-flash 1.7 does not know this chip's option bytes")
    require("0ffbaaa5" in result.stdout.split(), f"st-flash read {result.stdout.split()[-1:]}")
    st_flash(bench, "--area=option", "write", "0x0FF7AAE9")
    shown = bench.own(["read", "--area=option"]).stdout.splitlines()[0]
    require(shown == "OPTCR  0x0FF7_AAE9", f"we read {shown}")
    names = bench.own(["option"]).stdout
    require(re.search(r"^BOR_LEV +2\.1V ", names, re.MULTILINE) and re.search(r"^nWRP\S+ +3 ", names, re.MULTILINE),
            "names do not say what the word does")


OPERATIONS = [
    Operation("st-info probe", probe),
    Operation("st-flash write", write),
    Operation("st-flash write, last sector", write_high),
    Operation("st-flash write ihex", write_hex),
    Operation("st-flash write, under reset", write_under_reset),
    Operation("st-flash write, reset", write_and_reset),
    Operation("st-flash read", read),
    Operation("st-flash erase", erase),
    Operation("st-flash reset", reset),
    Operation("st-flash option read", options),
    Operation("st-flash option write", option_write),
    Operation("st-flash serial, two probes", two_probes),
]

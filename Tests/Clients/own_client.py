"""stflash's own USB backend, with the real libusb, through the virtual USB file system."""

import re
import signal
import subprocess
import time

from bench import Operation, need, require

FLASH = 0x0800_0000


def own(bench, *arguments, **options):
    return bench.plugged([bench.stflash, *arguments], **options)


def list_probes(bench):
    both = ["--sim", bench.target.name, "--sim", "stm32f407vg", "--sim-probe", bench.target.probe]
    lines = own(bench, "list", sim=both).stdout.splitlines()
    require(len(lines) == 2 and lines[0].startswith("1-1 ") and lines[1].startswith("1-2 "), f"list {lines}")
    serial = bench.probe_facts()["serial"]
    require(serial in lines[0] and serial not in lines[1], f"serials in {lines}")
    require(not any("permission" in line or "in use" in line for line in lines), f"list {lines}")


def job(bench):
    """The whole main job, and the same again in process."""
    content = bench.image(34_567, seed=31)
    path = bench.file("fw.bin", content)
    own(bench, "write", path, hex(FLASH))
    own(bench, "verify", path, hex(FLASH))
    back = bench.folder / "back.bin"
    own(bench, "read", back, hex(FLASH), len(content))
    require(back.read_bytes() == content, "read other bytes")
    bench.require_contents(FLASH, content)


def killed(bench):
    """A writer that is killed in mid-command leaves a probe that the next one brings back."""
    content = bench.image(200_000, seed=32)
    path = bench.file("fw.bin", content)
    script = f'"{bench.stflash}" write {path} {FLASH:#x} & sleep 0.7; kill -9 $!; wait $!; "{bench.stflash}" write {path} {FLASH:#x}'
    bench.plugged(["sh", "-c", script])
    bench.require_contents(FLASH, content)


def held(bench):
    """A probe that another program has is reported as in use, and serves that program on."""
    openocd = need("openocd", "openocd")
    script = (
        f"{openocd} -f interface/stlink.cfg -f target/{bench.target.openocd}.cfg -c 'gdb_port disabled' "
        f"-c 'tcl_port disabled' -c 'telnet_port disabled' & sleep 2; \"{bench.stflash}\" info; echo code $?; kill $!; wait $!")
    output = bench.plugged(["sh", "-c", script], expect=None).stdout
    require("code 68" in output, f"said {output.strip()}")


OPERATIONS = [
    Operation("stflash list, two probes", list_probes),
    Operation("stflash write, verify, read", job),
    Operation("stflash after a killed writer", killed),
    Operation("stflash, probe in use", held),
]

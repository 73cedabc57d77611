"""The virtual USB file system that the kernel itself shows (FUSE): a tool of each kind, and what only works there."""

import functools

import openocd_client
import own_client
import pyocd_client
import stlink_client
from bench import Operation, need, require

FLASH = 0x0800_0000


def st_info(bench):
    output = bench.plugged([need("st-info", "stlink-tools"), "--probe"], carrier="fuse").stdout
    require(f"0x{bench.target.chip_id:04x}" in output, f"said {output.strip()!r}")


def st_flash(bench):
    content = bench.image(34_567, seed=41)
    program = need("st-flash", "stlink-tools")
    bench.plugged([program, "write", bench.file("fw.bin", content), hex(FLASH)], carrier="fuse")
    bench.require_contents(FLASH, content)


def openocd(bench):
    content = bench.image(34_567, seed=42)
    path = bench.file("fw.bin", content)
    bench.plugged(
        [need("openocd", "openocd"), "-f", openocd_client.INTERFACES["dap"], "-c", "transport select dapdirect_swd", "-f",
         f"target/{bench.target.openocd}.cfg", "-c", f"program {path} {FLASH:#x} verify reset exit"], carrier="fuse")
    bench.require_contents(FLASH, content)


def pyocd(bench):
    output = pyocd_client.pyocd(bench, "cmd", "-t", "cortex_m", "-c", "read32 0xE000ED00", carrier="fuse")
    require("e000ed00:" in output, f"said {output.strip()!r}")


def job(bench):
    content = bench.image(34_567, seed=43)
    bench.plugged([bench.stflash, "write", bench.file("fw.bin", content), hex(FLASH)], carrier="fuse")
    bench.require_contents(FLASH, content)


def static_program(bench):
    """A program that is linked statically calls the kernel by itself; no preload library could reach it."""
    script = "busybox cat /sys/bus/usb/devices/1-1/idVendor; busybox wc -c /dev/bus/usb/001/002"
    need("busybox", "busybox-static")
    output = bench.plugged(["busybox", "sh", "-c", script], carrier="fuse").stdout
    require("0483" in output and "/dev/bus/usb/001/002" in output, f"said {output.strip()!r}")


OPERATIONS = [
    Operation("fuse st-info probe", st_info),
    Operation("fuse st-flash write", st_flash),
    Operation("fuse openocd dap program", openocd),
    Operation("fuse pyocd commander", pyocd),
    Operation("fuse stflash write", job),
    Operation("fuse unplugged in mid-write", functools.partial(own_client.unplugged, carrier="fuse")),
    Operation("fuse libusb, every kind of transfer", functools.partial(own_client.transfers, carrier="fuse")),
    Operation("fuse a static program", static_program),
]

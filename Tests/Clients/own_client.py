"""stflash's own USB backend, with the real libusb, through the virtual USB file system."""

import functools
import re
import signal
import subprocess
import time

from bench import Operation, Skip, need, require

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


def transfers(bench, carrier):
    """libusb through every kind of transfer, on two probes: Tests/USBCheck."""
    program = bench.stflash.parent / "usb-check"
    if not program.exists():
        raise Skip("usb-check is not built (swift build --product usb-check)")
    both = ["--sim", bench.target.name, "--sim", "stm32f407vg", "--sim-probe", bench.target.probe]
    result = bench.plugged([program], expect=None, sim=both, carrier=carrier)
    failed = [line for line in result.stdout.splitlines() if not line.startswith("ok ")]
    require(result.returncode == 0 and not failed, "; ".join(failed) or f"exit code {result.returncode}")


def unplugged(bench, carrier):
    """The cable is pulled in the middle of a write."""
    path = bench.file("fw.bin", bench.image(60_000, seed=33))
    result = own(bench, "write", path, hex(FLASH), expect=68, carrier=carrier, faults=["unplugged@command=150"])
    require("unplugged" in result.stderr, f"said {result.stderr.strip()!r}")


def interrupted(bench):
    """Ctrl-C in the middle of a write: the next one finds everything in order."""
    content = bench.image(200_000, seed=34)
    path = bench.file("fw.bin", content)
    script = (
        f'"{bench.stflash}" write {path} {FLASH:#x} & sleep 0.7; kill -INT $!; wait $!; echo code $?; '
        f'"{bench.stflash}" write {path} {FLASH:#x}')
    result = bench.plugged(["sh", "-c", script])
    # A fast machine may have been done before the signal.
    require("code 130" in result.stdout or "code 0" in result.stdout, f"said {result.stdout.strip()!r}")
    bench.require_contents(FLASH, content)


def lost_reply(bench):
    """A reply that gets lost is noticed, said, and does not take the next program's replies with it."""
    path = bench.file("fw.bin", bench.image(20_000, seed=35))
    script = f'"{bench.stflash}" write {path} {FLASH:#x}; echo code $?; "{bench.stflash}" write {path} {FLASH:#x}; echo code $?'
    codes = re.findall(r"code (\d+)", bench.plugged(["sh", "-c", script], faults=["reply-lost@command=60"]).stdout)
    require(codes[-1] == "0", f"exit codes {codes}")


def operations(bench, recording):
    """What a session sends, in order; how often something was asked again until the answer changed is left out."""
    text = bench.call([bench.stflash, "trace", "show", "--raw", recording]).stdout
    sent = []
    for line in text.splitlines():
        fields = re.match(r"[-0-9.]+ [-0-9.]+ (out \d+ \S+)", line)
        if fields is None:
            continue
        sent.append(fields[1])
        for length in range(1, 7):
            if sent[-length:] == sent[-2 * length:-length]:
                del sent[-length:]
                break
    return sent


def same_bytes(bench):
    """What goes over USB is what goes over the seam in process, but for how often a busy chip is asked.

    Without the loader: how many of its results are fetched at once depends on how long the computer takes.
    """
    content = bench.image(20_000, seed=36)
    path = bench.file("fw.bin", content)
    recordings = [bench.folder / "process.pcapng", bench.folder / "usb.pcapng"]
    chip = ["--sim", bench.target.name, "--sim-probe", bench.target.probe]
    bench.own(["write", "--no-loader", path, hex(FLASH)], [*chip, "--record", str(recordings[0])])
    own(bench, "write", "--no-loader", path, hex(FLASH), sim=[*chip, "--record", str(recordings[1])])
    sessions = [operations(bench, recording) for recording in recordings]
    require(len(sessions[0]) > 50, f"only {len(sessions[0])} operations")
    for number, (process, usb) in enumerate(zip(*sessions)):
        require(process == usb, f"operation {number}: in process {process!r}, over USB {usb!r}")
    require(len(sessions[0]) == len(sessions[1]), f"{len(sessions[0])} and {len(sessions[1])} operations")


OPERATIONS = [
    Operation("stflash list, two probes", list_probes),
    Operation("stflash write, verify, read", job),
    Operation("stflash after a killed writer", killed),
    Operation("stflash, probe in use", held),
    Operation("stflash after Ctrl-C", interrupted),
    Operation("stflash, a reply lost", lost_reply),
    Operation("stflash, unplugged in mid-write", functools.partial(unplugged, carrier="umockdev")),
    Operation("stflash, the same bytes as in process", same_bytes),
    Operation("libusb, every kind of transfer", functools.partial(transfers, carrier="umockdev")),
]

"""stflash's own USB backend, with the real libusb, through the virtual USB file system."""

import fcntl
import functools
import os
import re
import select
import shutil
import signal
import subprocess
import termios
import time
from pathlib import Path

from bench import Failure, Operation, Skip, need, require, wait_for

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


def both_ways(bench, *arguments):
    """Recordings of a command in process and over USB, each on a chip in the same state."""
    before = bench.folder / "before.state"
    bench.state.rename(before)
    chip = ["--sim", bench.target.name, "--sim-probe", bench.target.probe, "--sim-state", str(bench.state)]
    recordings = [bench.folder / "process.pcapng", bench.folder / "usb.pcapng"]
    for recording in recordings:
        recording.unlink(missing_ok=True)
        shutil.copy(before, bench.state)
        run = bench.own if recording == recordings[0] else lambda command, sim: own(bench, *command, sim=sim)
        run(list(arguments), [*chip, "--record", str(recording)])
    return recordings


def same_bytes(bench, label, *arguments):
    sessions = [operations(bench, recording) for recording in both_ways(bench, *arguments)]
    require(len(sessions[0]) > 20, f"{label}: only {len(sessions[0])} operations")
    for number, (process, usb) in enumerate(zip(*sessions)):
        require(process == usb, f"{label}, operation {number}: in process {process!r}, over USB {usb!r}")
    require(len(sessions[0]) == len(sessions[1]), f"{label}: {len(sessions[0])} and {len(sessions[1])} operations")


def main_job_bytes(bench):
    """What goes over USB is what goes over the seam in process, but for how often a busy chip is asked."""
    bench.put(FLASH, bench.image(40_000, seed=36))
    path = bench.file("fw.bin", bench.image(20_000, seed=37))
    same_bytes(bench, "write", "write", "--no-loader", path, hex(FLASH))
    same_bytes(bench, "verify", "verify", path, hex(FLASH))
    same_bytes(bench, "read", "read", bench.folder / "back.bin", hex(FLASH), "20000")
    same_bytes(bench, "erase", "erase", "--no-loader", hex(FLASH), "16K")


def streamed_bytes(bench):
    """What the loader is sent is the same; how many of its results come at once depends on how long the computer takes."""
    bench.put(FLASH, bench.image(40_000, seed=36))
    path = bench.file("fw.bin", bench.image(30_000, seed=38))

    def sent(recording):
        # Data stages: more than a command's sixteen bytes.
        return [operation for operation in operations(bench, recording) if len(operation.split()[2]) > 64]

    sessions = [sent(recording) for recording in both_ways(bench, "write", path, hex(FLASH))]
    require(len(sessions[0]) >= 8, f"only {len(sessions[0])} blocks")
    require(sessions[0] == sessions[1], "the blocks differ")


class Terminal:
    """A program at a terminal of its own, as script(1) starts one; what it prints and how it leaves the terminal."""

    def __init__(self, command, folder):
        master, slave = os.openpty()
        self.master, self.slave, self.output = master, slave, b""
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=slave, stdout=slave, stderr=slave, cwd=folder, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def read_until(self, text):
        """Whether the program printed something."""
        def has_come():
            if select.select([self.master], [], [], 0)[0]:
                self.output += os.read(self.master, 4096)
            return text in self.output
        return wait_for(has_come, 60)

    def type(self, text):
        os.write(self.master, text)

    def is_raw(self):
        return not termios.tcgetattr(self.slave)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)

    def end(self):
        """The exit code; the terminal has to be as it was."""
        def has_ended():
            # A program whose output nobody takes waits for that.
            if select.select([self.master], [], [], 0)[0]:
                self.output += os.read(self.master, 4096)
            return self.process.poll() is not None
        if not wait_for(has_ended, 60):
            self.process.kill()
            self.process.wait()
            raise Failure("the program did not end")
        after = termios.tcgetattr(self.slave)
        os.close(self.master)
        os.close(self.slave)
        require(after == self.before, f"the terminal is left as {after}, and was {self.before}")
        return self.process.returncode


def terminal(bench):
    """What is typed reaches the firmware, and whatever ends the program puts the terminal back."""
    if bench.target.name not in ("nucleo-f446re", "stm32f411re"):
        raise Skip("one chip and core will do: the firmware is for the port of a Nucleo-64")
    echo = Path(__file__).resolve().parent.parent.parent / "firmware" / "tests" / "echo.bin"
    command = [
        bench.stflash, "--sim", bench.target.name, "--sim-tty", "USART2=-", "--sim-run", "600s", "write", echo, hex(FLASH)]
    ends = [
        ("Ctrl-]", lambda one: one.type(b"\x1d"), None),
        ("SIGTERM", lambda one: one.process.terminate(), None),
        ("two signals", lambda one: (one.process.terminate(), time.sleep(0.6), one.process.terminate()), None),
        ("SIGHUP", lambda one: one.process.send_signal(signal.SIGHUP), None),
        ("a crash", lambda one: one.process.send_signal(signal.SIGSEGV), -signal.SIGSEGV),
        ("an abort", lambda one: one.process.send_signal(signal.SIGABRT), -signal.SIGABRT),
    ]
    for name, finish, expected in ends:
        one = Terminal(command, bench.folder)
        # The firmware says that it listens.
        require(one.read_until(b"\r\n>"), f"{name}: the program did not get to its run: {one.output!r}")
        # Ctrl-C is a key like any other, and goes to the firmware.
        one.type(b"hello \x03world\r")
        require(one.read_until(b"HELLO \x03WORLD"), f"{name}: the firmware did not hear: {one.output!r}")
        require(one.is_raw(), f"{name}: the terminal keeps keys for itself")
        finish(one)
        code = one.end()
        require(expected is None or code == expected, f"{name}: ended with {code}")


OPERATIONS = [
    Operation("stflash, a terminal at a serial port", terminal),
    Operation("stflash list, two probes", list_probes),
    Operation("stflash write, verify, read", job),
    Operation("stflash after a killed writer", killed),
    Operation("stflash, probe in use", held),
    Operation("stflash after Ctrl-C", interrupted),
    Operation("stflash, a reply lost", lost_reply),
    Operation("stflash, unplugged in mid-write", functools.partial(unplugged, carrier="umockdev")),
    Operation("stflash, the same bytes as in process", main_job_bytes),
    Operation("stflash, the loader is sent the same bytes", streamed_bytes),
    Operation("libusb, every kind of transfer", functools.partial(transfers, carrier="umockdev")),
]

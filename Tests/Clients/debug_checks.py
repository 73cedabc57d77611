"""What GDB expects of a debug server, as 36 checks that know no server: gdb-multiarch with firmware/tests/debuggee.elf.

Each check is a function with a `Session`; it raises a Failure that says what was otherwise. The program does what its variable
`command` says. A server that is not ours may fail: debug_client.py shows all of them in one table.
"""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

from bench import Failure, need, pace, require

FIRMWARE = Path(__file__).resolve().parent.parent.parent / "firmware" / "tests"
PROGRAM = FIRMWARE / "debuggee.elf"
CHECKS = []


def check(number, title):
    def add(function):
        CHECKS.append((number, title, function))
        return function
    return add


class Session:
    """GDB on one server, with the words by which that server is told to reset."""

    def __init__(self, rig, port, reset="monitor reset halt"):
        self.rig = rig
        bench = rig.bench
        self.bench = bench
        self.port = port
        self.reset = reset
        self.has_fpu = bench.target.core == "Cortex-M4"
        self.core = bench.target

    def command(self, *script, program=PROGRAM, fresh=True):
        arguments = [need("gdb-multiarch", "gdb-multiarch"), "-nx", "-batch"]
        if program:
            arguments.append(str(program))
        begin = ["set pagination off", "set confirm off", "set remotetimeout 5", "set width 0",
                 f"target extended-remote 127.0.0.1:{self.port}"]
        if fresh:
            begin += [self.reset, "maintenance flush register-cache"]
        for line in (*begin, *script):
            arguments += ["-ex", line]
        return arguments

    def __call__(self, *script, limit=60, **options):
        """What GDB says to a script, from a reset unless it is told otherwise."""
        # Where others hang they do so for as long as they are let.
        if self.rig.server != "stflash":
            limit = min(limit, 20)
        try:
            result = subprocess.run(
                self.command(*script, **options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", stdin=subprocess.DEVNULL, timeout=limit * pace(), cwd=self.bench.folder)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"GDB hangs at {script[-1]!r}") from error
        output = result.stdout
        with self.bench.log.open("a") as log:
            print("GDB", *script, sep="\n  ", file=log)
            print(output, file=log)
        return output

    def values(self, output):
        """What `print` said, by its numbers."""
        return [text.strip() for text in re.findall(r"^\$\d+ = (.*)$", output, re.MULTILINE)]

    def interrupted(self, *script, after=1.0, then=()):
        """Lets the program run, presses Ctrl-C, and goes on with a script."""
        process = subprocess.Popen(
            self.command(*script, "python import threading, os, signal, time",
                         f"python threading.Thread(target=lambda: (time.sleep({after}), "
                         "os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()", "continue", *then),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
            cwd=self.bench.folder, start_new_session=True)
        try:
            output, _ = process.communicate(timeout=40 * pace())
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Failure("Ctrl-C does not stop the program") from error
        with self.bench.log.open("a") as log:
            print("GDB", *script, "continue, Ctrl-C", *then, sep="\n  ", file=log)
            print(output, file=log)
        return output


def says(output, pattern, what):
    require(re.search(pattern, output, re.DOTALL), f"{what}: {' | '.join(output.strip().splitlines()[-3:])!r}")


def silent_on(output, pattern, what):
    found = re.search(pattern, output)
    require(not found, f"{what}: {found and found.group(0)!r}")


@check(1, "registers by name, T set")
def registers(gdb):
    output = gdb("info registers")
    for name in [f"r{number}" for number in range(13)] + ["sp", "lr", "pc", "xpsr"]:
        require(re.search(rf"^{name}\s+0x[0-9a-f]+", output, re.MULTILINE), f"no register {name}")
    status = re.search(r"^xpsr\s+0x([0-9a-f]+)", output, re.MULTILINE)
    require(int(status.group(1), 16) & 1 << 24, "xpsr without T")


@check(2, "target description, d0 to d15 where there is an FPU")
def description(gdb):
    output = gdb("maint print xml-tdesc")
    says(output, "m-profile", "no M profile")
    require(("d15" in output) == gdb.has_fpu, "the FPU's registers are not those of the chip")


@check(3, "msp, psp, control, primask")
def special(gdb):
    output = gdb("print/x $msp", "print/x $psp", "print/x $control", "set $primask = 1", "maint flush register-cache",
                 "print/x $primask", "set $primask = 0", "print/x $msp == $sp")
    values = gdb.values(output)
    require(len(values) == 5 and values[3] == "0x1" and values[4] == "0x1", f"values {values}")


@check(4, "d0 and s1 are one")
def floating(gdb):
    if not gdb.has_fpu:
        return
    output = gdb("set $d0 = 1.5", "maint flush register-cache", "print $s1", "print $d0")
    values = gdb.values(output)
    require(values == ["1.9375", "1.5"], f"values {values}")


@check(5, "memory map: sectors as they are")
def memory_map(gdb):
    output = gdb("info mem")
    size = gdb.core.flash
    end = 0x0800_0000 + (size if size <= 0x10_0000 else 0x10_0000)
    for start, stop, block in ((0x0800_0000, 0x0801_0000, 0x4000), (0x0801_0000, 0x0802_0000, 0x1_0000),
                               (0x0802_0000, end, 0x2_0000)):
        says(output, rf"0x{start:08x} 0x{stop:08x} flash blocksize {block:#x}", f"no sectors at {start:#x}")
    if size > 0x10_0000:
        says(output, r"0x08100000 0x08110000 flash blocksize 0x4000", "no second bank")
    silent_on(output, r"0x1fff7800 \S+ flash", "OTP counts as flash")


@check(6, "every kind of memory can be read")
def all_memory(gdb):
    places = ["0x08000000", "0x20000000", "0x1fff0000", "0x40023800", "0xe000ed00", "0x22000000"]
    output = gdb(*(f"print/x {{unsigned}}{place}" for place in places))
    values = gdb.values(output)
    require(len(values) == len(places), f"{output.strip().splitlines()[-2:]}")
    require(re.match(r"0x4(12fc23[01]|10fc241)", values[4]), f"CPUID is {values[4]}")


@check(7, "memory that there is not: an error, and nothing else")
def no_memory(gdb):
    output = gdb("x/wx 0x30000000", "x/wx 0x60000000", "print/x {unsigned}0x08000000", "print/x *(unsigned *)0xe000ed00")
    says(output, r"Cannot access memory at address 0x30000000", "no error at 0x30000000")
    says(output, r"Cannot access memory at address 0x60000000", "no error at 0x60000000")
    says(output, r"\$1 = 0x20004000.*\$2 = 0x4", "the next read is wrong")


@check(8, "writes of 1, 2 and 4 bytes")
def writes(gdb):
    output = gdb("set {int}0x20003000 = 0", "set {char}0x20003001 = 0x12", "set {short}0x20003002 = 0x3456",
                 "print/x {int}0x20003000", "set {int}0x40023830 = 1", "set {short}0x40020018 = 0x20",
                 "print/x {int}0x40020014 & 0x20")
    require(gdb.values(output) == ["0x34561200", "0x20"], f"values {gdb.values(output)}")


@check(9, "load: hole, odd end, RAM section")
def load(gdb):
    output = gdb("load")
    for section in (".text", ".far, size 0xd", ".loaded", ".data"):
        require(f"Loading section {section}" in output, f"{section} is not loaded")
    silent_on(output, r"Error|failed", "load fails")
    output += gdb("compare-sections", fresh=False)
    silent_on(output, r"MIS-MATCHED", "the flash differs")


@check(10, "load twice")
def load_twice(gdb):
    output = gdb("load", "load", "compare-sections .text", "compare-sections .far")
    silent_on(output, r"Error|failed|MIS-MATCHED", "the second load fails")
    require(output.count("Start address") == 2, "it was not loaded twice")


@check(11, "compare-sections right behind load, RAM included")
def compare(gdb):
    output = gdb("load", "compare-sections")
    require(output.count(": matched") >= 4, f"{output.count(': matched')} sections match")
    silent_on(output, r"MIS-MATCHED", "a section differs")


@check(12, "load onto a write-protected sector is refused")
def protected_sector(gdb):
    gdb.rig.refuses_load("WRP=0")


@check(13, "load at read protection level 1 is refused")
def read_protection(gdb):
    gdb.rig.refuses_load("RDP=level1")


@check(14, "flash-erase leaves OTP and option bytes alone")
def flash_erase(gdb):
    places = ["0x08000000", "0x08010000", "0x1fff7800", "0x1fffc000"]
    before = gdb.values(gdb(*(f"print/x {{unsigned}}{place}" for place in places)))
    output = gdb("flash-erase", *(f"print/x {{unsigned}}{place}" for place in places), "load", "compare-sections .text",
                 limit=120)
    values = gdb.values(output)
    require(values[:2] == ["0xffffffff"] * 2, f"the flash is not erased: {values}")
    require(values[2:] == before[2:], f"OTP and option bytes were {before[2:]} and are {values[2:]}")
    silent_on(output, r"MIS-MATCHED|Error erasing|Load failed", "loading afterwards fails")


@check(15, "break at main, call stack")
def break_main(gdb):
    output = gdb("break add", "continue", "backtrace")
    says(output, r"Breakpoint 1, add \(left=2, right=3\).*#0 +add.*#1 +\S* *in main \(\)", "no stop in add")


@check(16, "the seventh breakpoint is refused, and six work")
def seven(gdb):
    places = ["add", "choose", "touch_values", "obey", "count_long", "use_file", "lock_up"]
    output = gdb(*(f"break {place}" for place in places), "continue", "delete 7", "continue", "continue")
    says(output, r"(Cannot insert|Could not insert|hardware breakpoint).*Breakpoint 1, add.*Breakpoint 2, choose",
         "seven breakpoints, or not six")


@check(17, "both halves of a word, a 32-bit instruction, an IT block")
def halves(gdb):
    output = gdb("break *add", "continue", "hbreak *($pc + 2)", "continue", "print/x $pc - ((unsigned)&add & ~1)",
                 "delete", "break choose", "continue", "hbreak *($pc + 4)", "continue",
                 "print/x $pc - ((unsigned)&choose & ~1)", "delete", "break *count_long", "set var command = 12",
                 "continue", "print/x $pc == ((unsigned)&count_long & ~1)")
    require(gdb.values(output) == ["0x2", "0x4", "0x1"], f"values {gdb.values(output)}")


@check(18, "a breakpoint in RAM, memory shown as it is")
def in_ram(gdb):
    output = gdb("break add", "continue", "delete", "x/hx &in_ram", "break in_ram", "continue", "backtrace 1",
                 "x/hx (unsigned)&in_ram & ~1", "next", "print value")
    says(output, r"Breakpoint 2, in_ram \(value=1\)", "no stop in RAM")
    found = re.findall(r"<in_ram>:\s+(0x[0-9a-f]+)", output)
    require(len(found) == 2 and found[0] == found[1] == "0x3003", f"memory {found}")


@check(19, "stepi keeps out of the tick's handler, which then goes on")
def no_handler(gdb):
    output = gdb("break add", "continue", "delete", "set $i = 0", "set $inside = 0",
                 "while $i < 100\nstepi\nif ($xpsr & 0x1ff) != 0\nset $inside = $inside + 1\nend\nset $i = $i + 1\nend",
                 "print $inside", "set var ticks = 0", "break count_long if ticks > 3", "set var command = 12",
                 "continue", "print ticks > 3")
    values = gdb.values(output)
    require(values[:1] == ["0"], f"{values[:1]} steps ended in the handler")
    require(values[1:] == ["1"], "the tick does not go on")


@check(20, "stepi over WFI, SVC, BKPT and out of a handler")
def special_steps(gdb):
    output = gdb(
        "break obey", "continue", "set var command = 3", "continue", "set $n = 0",
        "while $n < 40 && $pc > (unsigned)&obey - 1 && $pc < (unsigned)&obey + 400\nstepi\nset $n = $n + 1\nend",
        "print $n < 40", "set var command = 6", "delete", "break add", "continue", "continue", "continue",
        "print command", limit=120)
    says(output, r"\$1 = 1\b", "WFI cannot be stepped over")
    says(output, r"(SIGTRAP|Program received).*Breakpoint \d+, add.*\$2 = 6", "BKPT cannot be passed")
    output = gdb("break SVC_Handler", "set var command = 7", "break obey", "continue", "set var command = 7",
                 "continue", "continue", "backtrace 2", "finish")
    says(output, r"SVC_Handler \(\).*<signal handler called>", "no stop in the SVC's handler")


@check(21, "next, finish, until, call")
def lines(gdb):
    output = gdb("break add", "continue", "finish", "next", "next", "next", "delete", "print add(40, 2)", "print $_exitcode")
    says(output, r"Value returned is \$1 = 5", "finish brings no value")
    says(output, r"\$2 = 42\b", "a call brings another value")


@check(22, "watchpoints on 1, 2, 4 and 8 bytes, an array, the fifth refused")
def watches(gdb):
    for name, size in (("byte_value", 1), ("half_value", 2), ("word_value", 4), ("long_value", 8)):
        output = gdb("break obey", "continue", "delete", f"watch {name}", "continue")
        says(output, rf"watchpoint \d: {name}.*Old value = \d+.*New value = \d+", f"no stop at {name}")
    output = gdb("break obey", "continue", "delete", "rwatch half_value", "continue", "delete", "awatch byte_value", "continue")
    says(output, r"Value = .*Value = ", "no stop at a read")
    output = gdb("break obey", "continue", "delete", "watch byte_value", "watch half_value", "watch word_value",
                 "watch total", "watch rounds", "continue", "delete 6", "continue")
    says(output, r"(Could not insert|too many|Expression cannot).*(Old value|Value)", "five watchpoints, or not four")


@check(23, "writing the same value does not stop")
def same_value(gdb):
    output = gdb("break obey", "continue", "delete", "watch triple[0]", "watch triple[1]", "continue", "info watchpoints")
    says(output, r"watchpoint \d: triple\[1\]", "no stop at triple[1]")
    silent_on(output, r"watchpoint \d: triple\[0\]\s+Old", "a stop at triple[0]")


@check(24, "Ctrl-C, also in WFI and in Stop")
def interrupts(gdb):
    says(gdb.interrupted(after=1, then=("print rounds > 3",)), r"SIGINT.*\$1 = 1", "no SIGINT")
    for command in (3, 10):
        output = gdb.interrupted("break add", "continue", "delete", f"set var command = {command}", after=1,
                                 then=("print command",))
        says(output, rf"SIGINT.*\$1 = {command}", f"no SIGINT in sleep ({command})")


@check(25, "a fault is caught where it happens")
def fault(gdb):
    output = gdb("break add", "continue", "delete", "set var command = 1", "continue", "backtrace")
    says(output, r"(SIGSEGV|SIGTRAP|received signal).*#\d.*crash \(\).*cause_fault", "no stack of the fault")


@check(26, "lockup is told")
def lockup(gdb):
    output = gdb("monitor cortex_m vector_catch none", "break add", "continue", "delete", "set var command = 4",
                 "continue", "print/x $pc", limit=30)
    says(output, r"lock.?up|locked up", "nothing is said of a lockup")


@check(27, "a watchdog's reset while it runs: breakpoints still hit")
def watchdog(gdb):
    output = gdb("break add", "continue", "delete", "set var command = 5", "break Reset_Handler", "continue",
                 "break choose", "continue", "print command")
    says(output, r"Reset_Handler.*Breakpoint \d, choose", "no stop after the reset")
    output = gdb("break add", "continue", "print rounds", fresh=False)
    says(output, r"Breakpoint 1, add", "a breakpoint does not hit after a reset")


@check(28, "monitor: reset halt, help, nonsense")
def monitor(gdb):
    output = gdb("monitor reset halt", "maint flush register-cache", "print/x $pc", "info symbol $pc", "monitor help",
                 "monitor nonsense", "print 7")
    says(output, r"Reset_Handler", "it does not stand at the reset handler")
    says(output, r"reset.*\$\d = 7", "no help")


@check(29, "detach: it runs, nothing of a debugger's is left")
def detach(gdb):
    gdb("break add", "continue", "watch rounds", "continue", "detach")
    gdb.rig.require_clean()


@check(30, "kill, run, start")
def run(gdb):
    output = gdb("break add", "run", "print rounds", "kill", "run", "print rounds")
    require(output.count("Breakpoint 1, add") == 2, f"{output.count('Breakpoint 1, add')} of 2 stops after run")


@check(31, "a GDB that is killed, and the next one")
def killed(gdb):
    process = subprocess.Popen(gdb.command("break lock_up", "continue"), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True)
    time.sleep(2 * pace())
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.5)
    output = gdb("break add", "continue")
    says(output, r"Breakpoint 1, add", "the next GDB cannot debug")


@check(32, "the program's exit code")
def exit_code(gdb):
    output = gdb("monitor arm semihosting enable", "monitor semihosting enable", "break add", "continue", "delete",
                 "set var command = 2", "continue", "print $_exitcode")
    says(output, r"exited with code 03.*\$1 = 3", "no exit code 3")


@check(33, "the program's files by GDB")
def file_io(gdb):
    path = gdb.bench.folder / "debuggee.txt"
    path.unlink(missing_ok=True)
    output = gdb("monitor arm semihosting enable", "monitor arm semihosting_fileio enable", "break add", "continue",
                 "set var command = 8", "continue", "set var command = 0", "continue", "print total > 0",
                 "print (char *)read_back", "print word_value", limit=60)
    require(path.exists() and path.read_text() == "written by the chip\n", "no file, or another one")
    says(output, r"written by the chip", "it was not read back")


@check(34, "64 KiB there and back, with every byte")
def dump(gdb):
    content = bytes((index * 7 + index // 256) & 0xFF for index in range(0x4000)) + b"#$}*" * 16
    path = gdb.bench.file("in.bin", content)
    output = gdb(f"restore {path} binary 0x20008000", f"dump binary memory out.bin 0x20008000 {0x20008000 + len(content)}")
    found = (gdb.bench.folder / "out.bin").read_bytes()
    require(found == content, f"{sum(a != b for a, b in zip(found, content))} bytes differ: {output[-200:]}")


@check(35, "a slow link: no answer is taken for another's")
def slow(gdb):
    output = gdb.rig.on_slow_link("print/x {unsigned}0x08000000", "print/x (unsigned)$pc & 0", "print/x {unsigned}0x08000000")
    require(gdb.values(output) == ["0x20004000", "0x0", "0x20004000"], f"values {gdb.values(output)}")


@check(36, "malformed packets: no answer is lost, the next GDB works")
def malformed(gdb):
    gdb.rig.throw_packets()
    says(gdb("break add", "continue"), r"Breakpoint 1, add", "GDB cannot debug afterwards")

"""The 36 checks of debug_checks.py against four debug servers on the same simulated chip: ours, OpenOCD, st-util, pyOCD.

Ours has to pass every one. What the others do is no business of this suite: it is shown in a table, because a check that only
our own server can pass, or that none but ours fails, says something about the check.
"""

import contextlib
import functools
import re
import shutil
import signal
import subprocess

from bench import Failure, Operation, Skip, carrier_obstacle, finish, need, pace, require, wait_for
from debug_checks import CHECKS, PROGRAM, Session
from gdb_client import free_port, listens
from openocd_client import INTERFACES
from remote_protocol import Connection, framed

# Checks that need a server of their own, or a chip in another state.
RESETS = {"st-util": "monitor reset"}
# The chips on which ours is tried, and that one on which all servers are: pyOCD has it built in.
OURS = {"nucleo-f207zg", "nucleo-f446re"}
ALL = "stm32f429zi"


def server_command(bench, server, port, carried=True):
    """The command line of a server for the probe that is plugged in."""
    if server == "stflash":
        return [bench.stflash, "gdb", "--port", port] if carried else [
            bench.stflash, *bench.simulator, "gdb", "--port", port]
    if server == "openocd":
        return [need("openocd", "openocd"), "-f", INTERFACES["hla"], "-c", f"gdb_port {port}", "-c", "telnet_port disabled",
                "-c", "tcl_port disabled", "-f", f"target/{bench.target.openocd}.cfg"]
    if server == "st-util":
        return [need("st-util", "stlink-tools"), "-p", port, "-m"]
    from pyocd_client import program, target
    return [program(), "gdbserver", "-t", target(bench), "-p", port, "-T", free_port(), "--persist"]


class Rig:
    """One simulated chip, and a server on it that is started when it is needed."""

    def __init__(self, bench, server, carried=None):
        self.bench = bench
        self.server = server
        # Ours needs no carrier, and is served over one where it is compared.
        self.carried = server != "stflash" if carried is None else carried
        self.process = None
        self.port = None

    # The server

    def command(self, port, faults=()):
        command = server_command(self.bench, self.server, port, carried=self.carried)
        if not self.carried:
            at = command.index("gdb")
            return [*command[:at], *(part for fault in faults for part in ("--sim-fault", fault)), *command[at:]]
        obstacle = carrier_obstacle(self.bench.stflash, "umockdev")
        if obstacle:
            raise Skip(obstacle)
        broken = [part for fault in faults for part in ("--sim-fault", fault)]
        return [self.bench.stflash, *self.bench.simulator, *broken, "sim", "run", "--carrier", "umockdev", "--", *command]

    def start(self, faults=()):
        self.port = free_port()
        said = self.bench.folder / f"{self.server}.txt"
        with said.open("a") as log:
            self.process = subprocess.Popen(
                list(map(str, self.command(self.port, faults))), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self.bench.folder)
        if not wait_for(lambda: self.process.poll() is not None or is_bound(self.port), 30):
            raise Failure("the server does not listen")
        require(self.process.poll() is None, f"no server: {said.read_text().strip()[-200:]!r}")

    def stop(self):
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10 * pace())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def session(self):
        if self.process is None or self.process.poll() is not None:
            self.start()
        return Session(self, self.port, RESETS.get(self.server, "monitor reset halt"))

    # What single checks need

    def refuses_load(self, option):
        """Loads onto a chip that is protected: GDB has to be told, and the flash to stay as it is."""
        self.stop()
        before = None
        try:
            before = self.bench.contents(0x0800_0000, 64)
            self.bench.own(["option", option])
            output = self.session()("load", fresh=False)
            require(re.search(r"Error|failed|rror:", output), f"nothing is said: {output.strip().splitlines()[-1:]}")
        finally:
            self.stop()
            self.bench.own(["unprotect", "--erase-everything"])
            if before is not None:
                self.bench.own(["write", str(PROGRAM), "--only-flash"])

    def require_clean(self):
        """Breaks, watches and detaches by GDB in one world with the server, and looks at the debug unit afterwards."""
        self.stop()
        obstacle = carrier_obstacle(self.bench.stflash, "umockdev")
        if obstacle:
            raise Skip(obstacle)
        port = free_port()
        script = self.bench.folder / "clean.sh"
        server = " ".join(f"'{part}'" for part in server_command(self.bench, self.server, port))
        gdb = " ".join(f"'{part}'" for part in Session(self, port, RESETS.get(self.server, "monitor reset halt")).command(
            "break add", "continue", "watch rounds", "continue", "detach"))
        script.write_text(
            f"{server} & server=$!\n"
            f"for i in $(seq 200); do ss -ltn | grep -q ':{port} ' && break; sleep 0.1; done\n"
            f"timeout 60 {gdb}\n"
            "kill -TERM $server; wait $server\n"
            f"'{self.bench.stflash}' --hot-plug peek 0xE000EDF0\n"
            f"'{self.bench.stflash}' --hot-plug peek 0xE000EDFC\n"
            f"'{self.bench.stflash}' --hot-plug peek 0xE0002008 6\n")
        output = self.bench.call(
            [str(self.bench.stflash), *self.bench.simulator, "sim", "run", "--carrier", "umockdev", "--", "bash",
             str(script)], expect=None).stdout
        words = [int(word.replace("_", ""), 16) for word in re.findall(r"0xE[0-9A-F_]{8}\s+(0x[0-9A-Fa-f_]+)", output)]
        require(len(words) >= 8, f"the chip cannot be looked at: {output[-300:]!r}")
        status, monitor, marks = words[-8], words[-7], words[-6:]
        require(status & 0x0002_000F == 0, f"DHCSR {status:#x}")
        require(monitor & 0x7F1 == 0, f"DEMCR {monitor:#x}")
        require(not any(mark & 1 for mark in marks), f"comparators {marks}")

    def on_slow_link(self, *script):
        """The same with a computer or a cable that is slow: every transfer takes 20 ms longer."""
        self.stop()
        self.start(faults=["usb-slow=20000"])
        try:
            return self.session()(*script, fresh=False)
        finally:
            self.stop()

    def throw_packets(self):
        """What GDB never sends: each gets an answer or none, and the next sound packet its own."""
        self.session()
        connection = Connection(self.port)
        try:
            connection.ask(b"qSupported:swbreak+")
            connection.ask(b"?")
            for payload in (b"", b"m", b"m0", b"mzz,4", b"m20000000,ffffffff", b"X20000000,4:ab", b"M20000000,4:00", b"Z9,0,0",
                            b"Z1", b"P", b"Pff=00", b"p999", b"vCont;", b"vCont;x", b"vFlashWrite:", b"vFlashErase:0",
                            b"qXfer:features:read:other.xml:0,10", b"qXfer:memory-map:read::ffffff,10", b"qRcmd,zz", b"\xff\xfe",
                            b"G00", b"qCRC:", b"H", b"J", b"vNoSuchThing"):
                connection.ask(payload)
            for piece in (1, 2, 7):
                require(connection.ask(b"qC", piece) in (b"QC1", b"QC0"), "a packet in pieces is not answered")
            connection.send(framed(b"qC") + framed(b"qAttached"))
            require([connection.packet(), connection.packet()][1] == b"1", "two packets at once are not answered")
            connection.send(b"$qC#00")
            connection.send(b"+++---")
            connection.ask(b"qC")
            connection.send(framed(b"m8000000,4"))
            connection.packet()
        except (TimeoutError, ConnectionError, OSError) as error:
            raise Failure(f"the server says no more: {error}") from error
        finally:
            connection.close()


def is_bound(port):
    """Whether something listens, without a connection, which a server would take for GDB's."""
    with open("/proc/net/tcp") as table:
        return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in table if ":" in line)


def results(bench, server):
    """What became of each check: None where it is passed, else why not."""
    rig = Rig(bench, server)
    found = {}
    try:
        rig.bench.own(["write", str(PROGRAM), "--only-flash"])
        for number, title, run in CHECKS:
            try:
                run(rig.session())
                found[number] = None
            except Failure as failure:
                found[number] = str(failure)
                rig.stop()
    finally:
        rig.stop()
    return found


def ours(bench):
    if bench.target.name not in OURS:
        raise Skip("tried on other chips")
    failed = {number: why for number, why in results(bench, "stflash").items() if why}
    require(not failed, "; ".join(f"{number}: {why}" for number, why in failed.items()))


def theirs(bench, server):
    if bench.target.name != ALL:
        raise Skip("shown on another chip")
    found = results(bench, server)
    passed = sum(why is None for why in found.values())
    with bench.log.open("a") as log:
        for number, why in found.items():
            print(number, why or "pass", file=log)
    failed = ", ".join(str(number) for number, why in found.items() if why)
    print(f"debug checks, {server}: {passed} of {len(CHECKS)}" + (f"; not {failed}" if failed else ""), flush=True)


OPERATIONS = [
    Operation("gdb stflash: 36 checks", ours),
    *(Operation(f"gdb {server}: 36 checks, shown", functools.partial(theirs, server=server))
      for server in ("openocd", "st-util", "pyocd")),
]

"""dfu-util (Debian) at the ROM bootloader's USB, and our own host at the same bus.

Every operation goes over all dies that have it: the target's own, and one that no target has. What a tool did is read by SWD.
"""

from bench import Operation, Skip, need, require
from serial_client import FLASH, SIZE, on_both, put_bytes

# Dies whose ROM has no USB: another target's partner stands for nothing here.
WITHOUT_USB = {"stm32f410cb"}
# Names what to do with the flash, behind the address.
AT = f"{FLASH:#x}"


def on_all(run):
    """An operation that is run on both dies, as far as they have USB."""
    def only_with_usb(bench):
        if bench.target.name not in WITHOUT_USB:
            run(bench)
    return on_both(only_with_usb)


def plugged(bench, command, expect=0):
    """Runs a program with the bootloader on its bus, beside the probe."""
    simulator = [*bench.simulator, "--sim-boot", "system"]
    return bench.call([str(bench.stflash), *simulator, "sim", "run", "--", *map(str, command)], expect)


def dfu_util(bench, *arguments, expect=0):
    return plugged(bench, [need("dfu-util", "dfu-util"), *arguments], expect)


def own(bench, *arguments, expect=0):
    """Our own host on the same bus."""
    return plugged(bench, [str(bench.stflash), *arguments], expect)


@on_all
def list_memories(bench):
    shown = dfu_util(bench, "-l").stdout
    require(shown.count("Found DFU: [0483:df11]") == 4, "dfu-util does not list four memories")
    require('name="@Internal Flash  /0x08000000/04*016Kg,01*064Kg' in shown, "dfu-util does not show the flash's layout")
    require('name="@Option Bytes  /0x1FFFC000/01*016 e' in shown, "dfu-util does not show the option bytes")


@on_all
def write_and_leave(bench):
    content = bench.image(SIZE, seed=41)
    put_bytes(bench, FLASH + 0xC000, b"neighbour")
    result = dfu_util(bench, "-a", "0", "-s", AT + ":leave", "-D", bench.file("fw.bin", content))
    require("File downloaded successfully" in result.stdout, "dfu-util did not come to its end")
    bench.require_contents(FLASH, content)
    bench.require_contents(FLASH + 0xC000, b"neighbour", "another sector")


@on_all
def read(bench):
    content = bench.image(SIZE, seed=42)
    bench.put(FLASH, content)
    path = bench.folder / "back.bin"
    dfu_util(bench, "-a", "0", "-s", f"{AT}:{SIZE}", "-U", path)
    require(path.read_bytes() == content, "dfu-util read other bytes")


@on_all
def read_options(bench):
    bench.own(["protect", "--sectors", "1"])
    path = bench.folder / "options.bin"
    dfu_util(bench, "-a", "1", "-s", "0x1FFFC000:16", "-U", path)
    content = path.read_bytes()
    require(content[1] == 0xAA and not content[8] & 2, "dfu-util read other option bytes")


@on_all
def write_protection(bench):
    """There is no command for it: option bytes are written as a memory; the chip resets itself before the last answer."""
    path = bench.folder / "options.bin"
    dfu_util(bench, "-a", "1", "-s", "0x1FFFC000:16", "-U", path)
    content = bytearray(path.read_bytes())
    content[8] &= ~2
    dfu_util(bench, "-a", "1", "-s", "0x1FFFC000", "-D", bench.file("protected.bin", content), expect=None)
    bench.own(["write", str(bench.file("fw.bin", bench.image(1000))), hex(FLASH)])
    refused = bench.call(
        [str(bench.stflash), *bench.simulator, "erase", "--sector", "1"], expect=None)
    require(refused.returncode == 70, f"sector 1 is not protected: {refused.returncode}")


def mass_erase(bench):
    if bench.target.name != "stm32f429zi":
        raise Skip("dfu-util sleeps for 35 s after every mass erase: one die has to do")
    bench.put(FLASH, bench.image(1000, seed=43))
    bench.put(bench.target.second_bank, bench.image(1000, seed=44))
    content = bench.image(3000, seed=45)
    dfu_util(bench, "-a", "0", "-s", AT + ":mass-erase:force", "-D", bench.file("fw.bin", content))
    bench.require_contents(FLASH, content + b"\xff" * (bench.target.flash - len(content)))


@on_all
def read_protection(bench):
    """What it hides cannot be read, and is gone when the protection is."""
    bench.put(FLASH, bench.image(1000, seed=46))
    bench.own(["protect", "--read"])
    path = bench.folder / "hidden.bin"
    dfu_util(bench, "-a", "0", "-s", AT + ":256", "-U", path, expect=74)
    dfu_util(bench, "-a", "0", "-s", AT + ":unprotect:force", "-D", bench.file("fw.bin", bench.image(1000)))
    require("RDP         level0" in bench.own(["option"]).stdout, "read protection is still on")
    bench.require_contents(FLASH, b"\xff" * 1000)


@on_all
def own_write(bench):
    content = bench.image(SIZE, seed=47)
    put_bytes(bench, FLASH + 0x5000, b"kept")
    own(bench, "--dfu", "write", bench.file("fw.bin", content), hex(FLASH))
    bench.require_contents(FLASH, content)
    bench.require_contents(FLASH + 0x5000, b"kept", "what the image does not mention")
    own(bench, "--dfu", "verify", bench.file("fw.bin", content), hex(FLASH))


@on_all
def own_options(bench):
    """The chip resets itself after every change, and its bootloader is found again."""
    own(bench, "--dfu", "protect", "--sectors", "0-1")
    own(bench, "--dfu", "write", bench.file("fw.bin", bench.image(1000)), hex(FLASH), expect=70)
    own(bench, "--dfu", "unprotect", "--sectors")
    own(bench, "--dfu", "write", bench.file("fw.bin", bench.image(1000)), hex(FLASH))


OPERATIONS = [
    Operation("dfu-util list", list_memories),
    Operation("dfu-util write, leave", write_and_leave),
    Operation("dfu-util read", read),
    Operation("dfu-util read option bytes", read_options),
    Operation("dfu-util write protection", write_protection),
    Operation("dfu-util mass erase, write", mass_erase),
    Operation("dfu-util read protection", read_protection),
    Operation("stflash by DFU, write, verify", own_write),
    Operation("stflash by DFU, option bytes", own_options),
]

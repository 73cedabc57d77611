"""What other people's tools say of faults: the messages that hid the cause come out of them here too."""

from bench import Operation, need, require
from pyocd_client import program as pyocd_program

JUMPERS = ["--sim-fault", "jumpers-open"]
PINS = ["--sim-fault", "firmware=swd-reused", "--sim-fault", "nrst-open"]
# The probe's own USB product id, which the version reply leaves in the buffer, by the probe's name; a V3 answers a
# longer version reply, whose product id lies elsewhere.
LEFT_OVER = {"v2": "0x00003748", "v2-1": "0x0000374b", "v2-1-old": "0x0000374b"}


def says(bench, tool, faults, *texts):
    sim = ["--sim", bench.target.name, "--sim-probe", bench.target.probe, *faults]
    result = bench.plugged(tool, expect=None, sim=sim)
    output = result.stdout + result.stderr
    require(result.returncode != 0, "the tool reported a success")
    for text in texts:
        require(text in output, f"the tool did not say \"{text}\" but \"{output.strip()[-200:]}\"")


def st_flash(bench, faults):
    path = bench.file("fw.bin", bench.image(1000))
    tool = [need("st-flash", "stlink-tools"), "--debug", "write", path, "0x08000000"]
    # Version 1.6 went on with this core id and printed it as "unknown chip id! 0x374b".
    left_over = LEFT_OVER.get(bench.target.probe)
    says(
        bench, tool, faults, "Please use 'connect under reset'", "Failed to connect to target",
        *([f"core_id = {left_over}"] if left_over else []))


def openocd(bench, faults):
    tool = [need("openocd", "openocd"), "-f", "interface/stlink.cfg", "-f", f"target/{bench.target.openocd}.cfg"]
    says(
        bench, [*tool, "-c", "init", "-c", "exit"], faults, "Target voltage: 3.",
        "init mode failed (unable to connect to the target)")


def pyocd(bench, faults):
    says(
        bench, [pyocd_program(), "cmd", "-t", "cortex_m", "-c", "status"], faults, "STLink error (9): Get IDCODE error")


OPERATIONS = [
    Operation("st-flash, ST-LINK jumpers open", lambda bench: st_flash(bench, JUMPERS)),
    Operation("st-flash, SWD pins reused, no NRST", lambda bench: st_flash(bench, PINS)),
    Operation("OpenOCD, ST-LINK jumpers open", lambda bench: openocd(bench, JUMPERS)),
    Operation("OpenOCD, SWD pins reused, no NRST", lambda bench: openocd(bench, PINS)),
    Operation("pyOCD, ST-LINK jumpers open", lambda bench: pyocd(bench, JUMPERS)),
]

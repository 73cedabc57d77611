"""The chips and probes that the tools meet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A simulated board, and what each tool calls it."""

    name: str
    short: str
    probe: str
    # Sizes in bytes.
    flash: int
    # The SRAM as st-info's own table has it.
    sram: int
    chip_id: int
    # OpenOCD's target script.
    openocd: str
    # pyOCD's built-in target; None where it has none and would want a pack from the network.
    pyocd: str | None
    # The second bank's first address; None for parts with one bank.
    second_bank: int | None = None
    core: str = "Cortex-M4"

    @property
    def probe_short(self):
        return self.probe.split(":")[0]


TARGETS = [
    Target("nucleo-f207zg", "F207ZG", "v2-1", 0x100000, 0x20000, 0x411, "stm32f2x", None, core="Cortex-M3"),
    Target("stm32f405rg", "F405RG", "v2", 0x100000, 0x30000, 0x413, "stm32f4x", None),
    Target("stm32f411re", "F411RE", "v2-1-old", 0x80000, 0x20000, 0x431, "stm32f4x", None),
    Target("nucleo-f412zg", "F412ZG", "v3", 0x100000, 0x40000, 0x441, "stm32f4x", "stm32f412xg"),
    Target("stm32f429zi", "F429ZI", "v2-1", 0x200000, 0x40000, 0x419, "stm32f4x", "stm32f429xi", 0x0810_0000),
    Target("nucleo-f446re", "F446RE", "v3", 0x80000, 0x20000, 0x421, "stm32f4x", None),
]

# Two chips that differ in most respects: core, banks, probe.
QUICK = {"nucleo-f207zg", "stm32f429zi"}

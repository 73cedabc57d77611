"""Faults of the simulator that these tools have shown and that are not mended yet."""

# OpenOCD moves blocks through AP registers where the firmware has no RW_MISC and no CSW field (before J32), and counts
# on TAR going on to the next 4 KiB boundary, as it does in real Cortex-M3 and M4.
TAR_WRAP = "the simulated access port wraps TAR at 1 KiB, real ones at 4 KiB"
BLOCK_OPERATIONS = ("memory", "program, verify", "program, last sector")


def known_fault(label, target):
    """What is wrong with the simulator for an operation on a chip; None for nothing that is known."""
    is_block = label.startswith("openocd dap ") and label.endswith(BLOCK_OPERATIONS) or label.startswith("gdb ")
    return TAR_WRAP if is_block and target.probe == "v2-1-old" else None

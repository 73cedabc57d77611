"""Faults of the simulator that these tools have shown and that are not mended yet."""


def known_fault(label, target):
    """What is wrong with the simulator for an operation on a chip; None for nothing that is known."""
    return None

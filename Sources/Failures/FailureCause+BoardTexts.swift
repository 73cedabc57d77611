// Between the probe and the chip, and the chip's supply.
extension FailureCause {
  static let boardTexts: [FailureCause: CauseText] = [
    .jumpersOpen: CauseText(
      title: "the two ST-LINK jumpers of the board are off",
      remedies: [
        "Fit both ST-LINK jumpers: CN2 on a Nucleo-64, CN4 on a Nucleo-144 or 32F429IDISCOVERY, CN3 on an STM32F4DISCOVERY"
      ],
      check: "Look at the ST-LINK jumpers: both must be on for the chip of the board itself"),
    .badCable: CauseText(
      title: "SWDIO, SWCLK or ground is loose, swapped or too long",
      remedies: [
        .checkWires,
        .slowDown,
      ],
      check: "Measure from the probe's SWDIO and SWCLK to the chip's PA13 and PA14: 0 ohm"),
    .resetHeldLow: CauseText(
      title: "something holds NRST low: a button, a supervisor, another programmer",
      remedies: [
        "Find what holds NRST low: a pressed button, a supervisor, another programmer, a shorted capacitor",
        "Disconnect everything else from NRST",
      ],
      check: "Measure NRST at the chip: it must rise to the supply when nobody pulls it"),
    .resetOpen: CauseText(
      title: "the probe's NRST wire does not reach the chip",
      remedies: ["Wire NRST to the probe: without it a target that sleeps or turns SWD off cannot be caught"],
      check: "Measure from the probe's NRST to the chip's: 0 ohm"),
    .targetUnpowered: CauseText(
      title: "the chip has no supply",
      remedies: [
        "Power the target: an F2 or F4 needs at least 1.8 V",
        "On a board check the jumper that feeds the chip (IDD, JP5 or JP6)",
      ],
      check: "Measure VDD at the chip itself: behind an open IDD jumper there is none although the board has it"),
    .bootPinHigh: CauseText(
      title: "BOOT0 is high, so that the ROM bootloader starts instead of the flash",
      remedies: ["Pull BOOT0 low and reset the chip: it starts its flash then"],
      check: "Measure BOOT0 while NRST rises: low starts the flash, high the bootloader"),
    .referenceOpen: CauseText(
      title: "the probe's reference wire (VTREF) does not reach the chip's supply",
      remedies: [
        "Wire the probe's VTREF to the chip's supply",
        """
        Until then say what the supply is\(.nameSupply(millivolts: 3300), after: ", for example "): it decides how \
        fast the flash is programmed
        """,
      ],
      check: "Measure the voltage at the probe's VTREF pin: it must be the chip's VDD"),
    .supplyLow: CauseText(
      title: "the supply is too low",
      remedies: [
        "Raise the supply: erasing and programming 32 bits at once needs 2.7 V, 16 bits 2.1 V",
        "Erase and program narrower\(by: .setWidth(bits: 8)), which works down to 1.8 V",
      ],
      check: "Measure VDD at the chip while it works"),
    .brownOutLevel: CauseText(
      title: "the brown-out level in the option bytes (BOR_LEV) is above the supply, and holds the chip in reset",
      remedies: [
        "Feed the chip with 3.0 V or more: it answers then",
        "Set BOR_LEV to a level below the supply that the board has",
      ],
      check: "Raise the supply to 3.3 V: a chip that only its brown-out level keeps in reset answers then"),
    .brownOut: CauseText(
      title: "the supply collapses under load",
      remedies: [
        "Feed the target from a supply that holds its voltage: erasing and programming draw more current than running",
        "Take other loads off the supply; put 100 nF beside each VDD pin and 4.7 µF on the board",
      ],
      check: "Watch VDD with an oscilloscope while the flash is erased"),
    .capacitorMissing: CauseText(
      title: "the VCAP capacitors are missing or wrong",
      remedies: [
        "Fit the capacitors of the VCAP pins: 2.2 µF on each of two, 4.7 µF on a single one, low ESR, close to the chip",
        "Check that no VCAP pin is tied to VDD or to ground",
      ],
      check: "Measure VCAP: about 1.25 V, steady also while the flash is erased"),
  ]
}

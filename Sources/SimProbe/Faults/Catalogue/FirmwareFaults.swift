/// What the chip executes, and how its option bytes are set.
extension FaultKind {
  static let firmware: [FaultKind] = [
    FaultKind(
      "firmware=swd-reused", .firmware,
      broken: "The firmware turns PA13 and PA14 into ordinary pins with its first instructions.",
      visible: "ENTER answers 09; with NRST low, and until the firmware runs again, everything works.",
      origin: "ST community 763329; F411 reports of 2018 (\"Cannot connect to target\")",
      like: .closedByFirmware, effect: .contents { chip, _ in chip.load(.swdReused) })
  ]
}

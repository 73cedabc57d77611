/// Jumpers, wires and boot pins.
extension FaultKind {
  static let wiring: [FaultKind] = [
    FaultKind(
      "jumpers-open", .wiring,
      broken: "The two jumpers between the ST-LINK and the chip (CN2 or CN4 on a Nucleo) are off.",
      visible: "The voltage is right and the probe works, but ENTER answers 09 and everything after it an error.",
      origin: "electronics.stackexchange.com 510406 (NUCLEO-F207ZG); pyOCD issue 661",
      like: .silentWire, effect: .event { simulation, _ in simulation.board.areJumpersClosed = false }),
    FaultKind(
      "nrst-open", .wiring,
      broken: "The probe's NRST is not connected to the chip's.",
      visible: "DRIVE_NRST answers \"done\" and nothing happens: S_RESET_ST stays 0.",
      origin: "st-flash's message \"NRST is not connected\"; field reports of an F411",
      like: .noReset, effect: .event { simulation, _ in simulation.board.hasResetWire = false }),
  ]
}

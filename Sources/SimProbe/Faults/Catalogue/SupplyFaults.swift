/// Supply, reference voltage and capacitors.
extension FaultKind {
  static let supply: [FaultKind] = [
    FaultKind(
      "unpowered", .supply, FaultParameter("stray voltage at the reference pin", "mV", 0...1600, usual: 0),
      broken: "The chip has no supply; the reference pin finds what leaks through the probe's own lines.",
      visible: "A voltage near 0, or 1.2 to 1.6 V from leakage; ENTER answers 09.",
      origin: "pyOCD issues 772 and 1145; stlink issue 1122",
      like: .noSupply,
      effect: .event { simulation, millivolts in
        simulation.board.isSupplyConnected = false
        simulation.board.strayReferenceMillivolts = millivolts
      }),
    FaultKind(
      "vcap-missing", .supply, FaultParameter("capacitance that is there", "nF", 0...2199, usual: 0),
      broken: "The capacitors at VCAP_1 and VCAP_2 (2 x 2.2 uF, or 4.7 uF at one pin) are missing or too small.",
      visible: "Reading works. Below 1 uF an erase makes the core's supply collapse and the chip lose its state, SWD "
        + "with it; from 1 uF on erasing and programming end without an error and leave wrong bits.",
      origin: "ST community 729113 (F412), 868108 (F411), 148968 (F417); RM0090, 5.1.2",
      like: .weakSupply, effect: .event { $0.board.leaveCoreCapacitors(nanofarads: $1) }),
  ]
}

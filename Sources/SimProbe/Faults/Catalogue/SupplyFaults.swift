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
        simulation.board.changeSupply { $0.isConnected = false }
        simulation.board.strayReferenceMillivolts = millivolts
      },
      ending: { simulation in
        simulation.board.strayReferenceMillivolts = nil
        simulation.board.changeSupply { $0.isConnected = true }
      }),
    FaultKind(
      "supply-low", .supply, FaultParameter("highest voltage at the chip", "mV", 0...3600, usual: 2000),
      broken: "The supply is lower than it should be.",
      visible: "The measured voltage; wide programming leaves wrong bits, narrow programming works down to 1.8 V.",
      origin: "ST community 23666 (F427 at 1.9 V); stlink issue 1340 (F411 at 2.42 V)",
      like: .lowSupply,
      effect: .event { simulation, limit in simulation.board.changeSupply { $0.limitMillivolts = limit } },
      ending: { $0.board.changeSupply { $0.limitMillivolts = .max } }),
    FaultKind(
      "vtref-open", .supply, FaultParameter("what the open pin shows", "mV", 0...300, usual: 0),
      broken: "The probe's reference pin is not connected to the chip's supply.",
      visible: "0 to 0.3 V are measured, and everything works.",
      origin: "stand-alone ST-LINK/V2 with four wires; stlink issue 1098",
      like: .noReference, effect: .event { $0.board.strayReferenceMillivolts = $1 },
      ending: { $0.board.strayReferenceMillivolts = nil }),
    FaultKind(
      "weak-supply", .supply, FaultParameter("drop while the flash works", "mV", 1...3600, usual: 1000),
      broken: "The supply cannot give the current that erasing and programming draw.",
      visible:
        "The voltage is right when it is measured. Where the drop leaves too little for the width, bits come out "
        + "wrong; below 1.7 V an erase resets the chip.",
      origin: "ST community 853254 (F407, solved by the supply)",
      like: .wrongBits, effect: .event { $0.board.weakenSupply(byMillivolts: $1) }),
    FaultKind(
      "brown-out", .supply, FaultParameter("how long the supply is away", "ms", 1...100_000, usual: 10),
      broken: "The supply fails for a moment, usually in the middle of the first erase.",
      visible: "SWD falls silent; after a new ENTER the chip is out of reset with LOCK set and the sector half erased.",
      origin: "ST community 853254; reports of resets in mid-erase",
      like: .collapsingSupply, usually: .operation(.erase, 1),
      effect: .event { $0.board.interruptSupply(milliseconds: $1) }),
    FaultKind(
      "vcap-missing", .supply, FaultParameter("capacitance that is there", "nF", 0...2199, usual: 0),
      broken: "The capacitors at VCAP_1 and VCAP_2 (2 x 2.2 uF, or 4.7 uF at one pin) are missing or too small.",
      visible: "Reading works. Below 1 uF an erase makes the core's supply collapse and the chip lose its state, SWD "
        + "with it; from 1 uF on erasing and programming end without an error and leave wrong bits.",
      origin: "ST community 729113 (F412), 868108 (F411), 148968 (F417); RM0090, 5.1.2",
      like: .collapsingSupply, effect: .event { $0.board.leaveCoreCapacitors(nanofarads: $1) }),
  ]
}

/// Between a serial adapter and the chip's ROM bootloader; a probe meets none of them.
extension FaultKind {
  static let serial: [FaultKind] = [
    FaultKind(
      "serial-swapped", .serial,
      broken: "TX and RX are connected to each other's ends, or one of them to none.",
      visible: "No answer to 0x7F, at any rate.",
      origin: "AN2606 and AN3155 in the field: stm32flash's \"Failed to init device\"",
      like: .silentPort, effect: .event { simulation, _ in simulation.board.serialWires.areDataLinesSwapped = true },
      ending: { $0.board.serialWires.areDataLinesSwapped = false }),
    FaultKind(
      "serial-echo", .serial,
      broken: "The adapter has one wire for both directions (RS-485, single-wire, LIN).",
      visible: "What is sent comes back before the answer.",
      origin: "half-duplex adapters; stm32flash's report of its own 0x7F",
      like: .echoingPort, effect: .event { simulation, _ in simulation.board.serialWires.echoes = true },
      ending: { $0.board.serialWires.echoes = false }),
    FaultKind(
      "serial-no-parity", .serial,
      broken: "The adapter sends and expects no parity bit, whatever it is told.",
      visible: "The bootloader finds a wrong parity bit in half of what it gets, and answers NACK or nothing.",
      origin: "USB adapters and terminal servers without parity; AN3155, 2.1 asks for 8E1",
      like: .noisyPort, effect: .event { simulation, _ in simulation.board.serialWires.hasNoParity = true },
      ending: { $0.board.serialWires.hasNoParity = false }),
    FaultKind(
      "serial-errors", .serial,
      FaultParameter("characters of a million that arrive wrong", "ppm", 1...200_000, usual: 2000),
      broken: "Characters arrive with a wrong bit: a long cable, a missing ground, a rate that is off.",
      visible: "Now and then NACK, or a character that the adapter drops for its parity bit.",
      origin: "reports of verify errors at high rates; AN2606 on rates of the internal oscillator",
      like: .noisyPort, effect: .event { simulation, rate in simulation.makeNoise { $0.errorsPerMillion = rate } },
      ending: { $0.board.serialWires.noise = nil }),
    FaultKind(
      "serial-lossy", .serial,
      FaultParameter("characters of a million that do not arrive", "ppm", 1...200_000, usual: 2000),
      broken: "Characters get lost: an adapter without buffers, a busy computer.",
      visible: "Now and then an answer is missing, or the bootloader waits for the rest of a block.",
      origin: "overruns of USB adapters without hardware flow control; stm32flash issue reports of time-outs",
      like: .noisyPort, effect: .event { simulation, rate in simulation.makeNoise { $0.lossesPerMillion = rate } },
      ending: { $0.board.serialWires.noise = nil }),
    FaultKind(
      "rts-dtr-swapped", .serial,
      broken: "RTS and DTR lead to each other's pins.",
      visible: "The steps of a boot sequence reset the chip at the wrong moment: its program starts.",
      origin: "adapters whose wiring differs from stm32loader's (bootloader field reports)",
      like: .silentPort, effect: .event { simulation, _ in simulation.board.serialWires.areControlLinesSwapped = true },
      ending: { $0.board.serialWires.areControlLinesSwapped = false }),
    FaultKind(
      "adapter-unplugged", .serial,
      broken: "The serial adapter is unplugged, usually in the middle of the work.",
      visible: "The port is gone.",
      origin: "a cable that was pulled; hubs that lose power",
      like: .lostPort, usually: .character(600),
      effect: .event { simulation, _ in simulation.board.serialWires.isUnplugged = true }),
    FaultKind(
      "other-interface", .serial,
      broken: "Another interface of the bootloader gets there first: USB with a host, or a receiver that floats.",
      visible: "No answer to 0x7F until the chip is reset without it.",
      origin: "AN2606, \"Bootloader selection\": PA10, PB11, PC11, PD6, PA3 and USB's pins have to be quiet",
      like: .silentPort,
      effect: .event { simulation, _ in simulation.board.chip.bootloader.isTakenElsewhere = true },
      ending: { $0.board.chip.bootloader.isTakenElsewhere = false }),
    FaultKind(
      "baud-misread", .serial, FaultParameter("by how much", "‰", 1...500, usual: 120),
      broken: "The bootloader measures the rate of the first character badly.",
      visible: "Answers that make no sense, or none.",
      origin: "AN2606 gives 5 % on F2 and 6 % on F4 at 115200 baud, another at each reset",
      like: .noisyPort,
      effect: .event { simulation, perMille in
        simulation.board.chip.bootloader.measuringErrorPerMille = Int64(perMille)
      },
      ending: { $0.board.chip.bootloader.measuringErrorPerMille = 0 }),
  ]
}

extension Simulation {
  /// Lets characters go wrong from now on.
  fileprivate func makeNoise(_ set: (inout SerialNoise) -> Void) {
    var noise = board.serialWires.noise ?? SerialNoise(seed: configuration.seed)
    set(&noise)
    board.serialWires.noise = noise
  }
}

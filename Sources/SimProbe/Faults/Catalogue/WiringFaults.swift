/// Jumpers, wires and boot pins.
extension FaultKind {
  static let wiring: [FaultKind] = [
    FaultKind(
      "jumpers-open", .wiring,
      broken: "The two jumpers between the ST-LINK and the chip (CN2 or CN4 on a Nucleo) are off.",
      visible: "The voltage is right and the probe works, but ENTER answers 09 and everything after it an error.",
      origin: "electronics.stackexchange.com 510406 (NUCLEO-F207ZG); pyOCD issue 661",
      like: .silentWire, effect: .event { simulation, _ in simulation.board.areJumpersClosed = false },
      ending: { $0.board.areJumpersClosed = true }),
    FaultKind(
      "swdio-open", .wiring,
      broken: "SWDIO is broken between the probe and the chip.",
      visible: "The line stays high whatever is asked: ENTER answers 09.",
      origin: "stlink issue 1098; pyOCD issue 1145",
      like: .silentWire, effect: .event { simulation, _ in simulation.board.isDataWireWhole = false },
      ending: { $0.board.isDataWireWhole = true }),
    FaultKind(
      "swclk-open", .wiring,
      broken: "SWCLK is broken between the probe and the chip.",
      visible: "The chip never sees a clock: ENTER answers 09.",
      origin: "stlink issue 1098; pyOCD issue 1145",
      like: .silentWire, effect: .event { simulation, _ in simulation.board.isClockWireWhole = false },
      ending: { $0.board.isClockWireWhole = true }),
    FaultKind(
      "swd-errors", .wiring,
      FaultParameter("wrong bits of a million at 1 MHz, in proportion to the clock", "ppm", 1...100_000, usual: 20),
      broken: "SWDIO or SWCLK is loose, too long or has no ground beside it, and bits arrive wrong.",
      visible: "Now and then no acknowledge (12, 16), a wrong parity bit (13, 17) or a refused write (18, 11); an even "
        + "number of wrong data bits passes. Fewer at a lower clock.",
      origin: "OpenOCD's and pyOCD's advice to lower the clock; ADIv5.2, B4.2",
      like: .noisyWire,
      effect: .event { $0.board.noise = WireNoise(.perMegahertz($1), seed: $0.configuration.seed) },
      ending: { $0.board.noise = nil }),
    FaultKind(
      "clock-limit", .wiring, FaultParameter("highest clock that works", "kHz", 5...24_000, usual: 1000),
      broken: "The chip or its wires cannot follow a fast SWD clock.",
      visible: "Above the limit one bit in fifty is wrong, so that hardly anything works; below it everything does.",
      origin: "field reports of long leads and level shifters; OpenOCD's adapter speed 480 for F4",
      like: .noisyWire,
      effect: .event { $0.board.noise = WireNoise(.above(kilohertz: $1), seed: $0.configuration.seed) },
      ending: { $0.board.noise = nil }),
    FaultKind(
      "swo-not-wired", .wiring,
      broken: "SWO is not connected between the chip and the probe.",
      visible: "The probe takes the trace commands and never has a byte.",
      origin: "rusefi issue 230 (V2 without the pin); solder bridges of Discovery boards",
      like: .unnoticed, effect: .event { simulation, _ in simulation.board.isTraceWireWhole = false },
      ending: { $0.board.isTraceWireWhole = true }),
    FaultKind(
      "nrst-open", .wiring,
      broken: "The probe's NRST is not connected to the chip's.",
      visible: "DRIVE_NRST answers \"done\" and nothing happens: S_RESET_ST stays 0.",
      origin: "st-flash's message \"NRST is not connected\"; field reports of an F411",
      like: .noReset, effect: .event { simulation, _ in simulation.board.changeReset { $0.reachesProbe = false } },
      ending: { simulation in simulation.board.changeReset { $0.reachesProbe = simulation.board.model.hasResetWire } }),
    FaultKind(
      "nrst-low", .wiring,
      broken: "Something holds NRST low: a button, a supervisor, a shorted capacitor.",
      visible: "SWD and the core's debug registers answer, S_RESET_ST never falls, memory is refused.",
      origin: "pyOCD issue 1145; RM0090, 38.16.1",
      like: .heldReset, effect: .event { simulation, _ in simulation.board.changeReset { $0.isHeldByBoard = true } },
      ending: { $0.board.changeReset { $0.isHeldByBoard = false } }),
    FaultKind(
      "nrst-slow", .wiring,
      FaultParameter("how long NRST stays low when it is let go of", "ms", 1...10_000, usual: 200),
      broken: "NRST rises late after every reset: a large capacitor, or a supervisor with a delay.",
      visible: "S_RESET_ST is set for so long after each reset, and memory is refused meanwhile.",
      origin: "supervisors with 140 to 280 ms (TPS3823, MAX809 data sheets); capacitors of 10 uF instead of 100 nF",
      like: .heldReset, effect: .event { $0.board.resetRise = UInt64($1) * 1_000_000 },
      ending: { $0.board.resetRise = 0 }),
    FaultKind(
      "button-held", .wiring, FaultParameter("which of the board's buttons", "", 1...4, usual: 1),
      broken: "Somebody holds a button of the board down.",
      visible: "Nothing: its pin has the other level, which is the firmware's to read.",
      origin: "MicroPython's safe boot, bootloaders that wait for B1",
      like: .unnoticed,
      unless: { parts, number in
        let count = parts.board.buttons.count
        return number <= count ? nil : count == 0 ? "the board has no button" : "the board has \(count) of them"
      },
      effect: .event { $0.board.press($0.board.model.buttons[$1 - 1]) },
      ending: { simulation in
        for button in simulation.board.model.buttons { simulation.board.press(button, false) }
      }),
    FaultKind(
      "boot0-high", .wiring,
      broken: "BOOT0 is high, so that the chip starts its ROM bootloader instead of the flash.",
      visible: "The program counter is in system memory; the flash is erased and programmed as ever.",
      origin: "ST community 763329; RM0090, 2.4",
      like: .unnoticed, effect: .event { simulation, _ in simulation.board.chip.boot0 = true },
      ending: { $0.board.chip.boot0 = false }),
    FaultKind(
      "crystal-absent", .wiring,
      broken: "There is no crystal at OSC_IN, or it does not oscillate.",
      visible: "Nothing: flash tools run on the internal oscillator. Firmware that waits for HSERDY hangs.",
      origin: "a usual mistake on custom boards; RM0090, 6.2.1",
      like: .unnoticed, effect: .event { simulation, _ in simulation.board.chip.clocks.connect(.none) },
      ending: { $0.board.chip.clocks.connect($0.board.model.clock) }),
  ]
}

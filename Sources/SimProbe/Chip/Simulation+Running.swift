import LinkInterface

/// What a simulated chip's core is doing.
public enum SimulatedCoreState: String, Sendable {
  case running
  /// The handler of a fault executes: `Simulation.fault` says which.
  case faulted = "in a fault handler"
  case sleeping
  case stopMode = "in Stop mode"
  case standby = "in Standby"
  case halted
  case lockedUp = "locked up"
  case inReset = "held in reset"
  case unpowered = "without power"
}

/// A pin of a simulated chip that firmware drives.
public struct SimulatedPin: Sendable, Equatable {
  /// The name: "PB7".
  public let name: String
  /// Its level.
  public let isHigh: Bool
  /// How often the level changed since `Simulation.beginObservation()`.
  public let changeCount: Int
  /// The light-emitting diode that the board has there, by what is printed beside it; nil where there is none.
  public let light: String?
  /// Whether that is lit.
  public let isLit: Bool
}

/// Letting the simulated chip run on by itself, and seeing what it does.
extension Simulation {
  /// Begins to count what the pins do.
  public func beginObservation() {
    pinCountsBefore = board.chip.ports.map(\.changeCounts)
  }

  /// Lets the simulated time pass, and the chip execute what it holds.
  public func run(for duration: Duration) {
    clock.wait(for: duration)
    board.chip.synchronise()
  }

  /// Called with each line that a serial port of the chip sends; the port's unfinished line follows with
  /// `flushSerialOutput()`.
  public func onSerialOutput(_ body: @escaping (ConsoleLine) -> Void) {
    serialConsole = SerialConsole(output: body)
  }

  func takeForConsole(_ frame: SerialFrame, from port: String) {
    serialConsole?.take(UInt8(truncatingIfNeeded: frame.data), from: port)
  }

  /// Hands on lines that have not ended.
  public func flushSerialOutput() {
    serialConsole?.flush()
  }

  /// What the core is doing.
  public var coreState: SimulatedCoreState {
    let chip = board.chip
    guard chip.isPowered else {
      // With some supply it is the power reset that holds the core.
      return board.chipMillivolts >= chip.model.family.brownOut.map(\.falling).min() ?? 0 ? .inReset : .unpowered
    }
    return switch chip.core.state {
    case .inReset: .inReset
    case .halted: .halted
    case .lockedUp: .lockedUp
    case .running: chip.core.fault == nil ? .running : .faulted
    case .waitingForInterrupt, .waitingForEvent:
      switch chip.powerMode {
      case .run, .sleep: .sleeping
      case .stop: .stopMode
      case .standby: .standby
      }
    }
  }

  /// The address of the next instruction.
  public var programCounter: UInt32 { board.chip.core.programCounter }

  /// The fault that the program is in; nil while it is in none.
  public var fault: SimulatedProgramFault? { board.chip.isPowered ? board.chip.core.fault : nil }

  /// HCLK in hertz.
  public var coreHertz: UInt64 { board.chip.clocks.tree.ahb }

  /// The pins that are outputs or have been since `beginObservation()`.
  public var outputPins: [SimulatedPin] {
    board.chip.ports.enumerated().flatMap { index, port -> [SimulatedPin] in
      (0..<16).compactMap { pin in
        let before = pinCountsBefore.indices.contains(index) ? pinCountsBefore[index][pin] : 0
        let count = port.changeCounts[pin] - before
        guard port.outputs & 1 << UInt32(pin) != 0 || count > 0 else { return nil }
        let light = board.model.lights.first { $0.pin == PinName(port: index, number: pin) }
        let isHigh = port.levels & 1 << UInt32(pin) != 0
        return SimulatedPin(
          name: "P\(port.name.suffix(1))\(pin)", isHigh: isHigh, changeCount: count, light: light?.name,
          isLit: light.map { $0.isLitHigh == isHigh } ?? false)
      }
    }
  }
}

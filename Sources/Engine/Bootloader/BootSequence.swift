public import LinkInterface

/// What is done with a serial port's control lines, or with pins of this computer, to bring a chip into its bootloader, and
/// out of it.
///
/// Adapters are wired in many ways, so it is written as stm32flash's option for it: steps such as `rts` (made active, which is
/// low at the adapter's pin), `-dtr` (made inactive), `23` (GPIO 23 high), `-22` (GPIO 22 low) or `brk`, with `&` between those
/// that follow at once and `,` for a pause of 100 ms; behind a `:` the way out.
public struct BootSequence: Sendable, Equatable {
  /// One step.
  public enum Step: Sendable, Equatable {
    /// A control line changes.
    case drive(ControlLine, active: Bool)
    /// A pin of this computer changes.
    case drivePin(Int, high: Bool)
    /// A break of 100 ms.
    case sendBreak
    /// A pause of 100 ms.
    case pause
  }

  /// The way into the bootloader.
  public var entering: [Step]
  /// The way to the program; empty where the lines cannot do that.
  public var leaving: [Step]

  /// The usual wirings: which line is at BOOT0, the other one being at NRST.
  ///
  /// Straight, BOOT0 has the level of the adapter's pin, as stm32loader expects it; inverted, a transistor is between.
  public static let presets: KeyValuePairs<String, String> = [
    "rts-boot0": "-rts&dtr,-dtr:rts&dtr,-dtr",
    "dtr-boot0": "-dtr&rts,-rts:dtr&rts,-rts",
    "rts-boot0-inverted": "rts&dtr,-dtr:-rts&dtr,-dtr",
    "dtr-boot0-inverted": "dtr&rts,-rts:-dtr&rts,-rts",
  ]

  static let stepLength: Duration = .milliseconds(100)

  /// Reads a preset's name or steps; nil for what is neither.
  public init?(_ text: String) {
    let text = Self.presets.first { $0.key == text }?.value ?? text
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count <= 2, let entering = Self.steps(halves[0]), !entering.isEmpty,
      let leaving = halves.count == 2 ? Self.steps(halves[1]) : []
    else { return nil }
    self.entering = entering
    self.leaving = leaving
  }

  private static func steps(_ text: Substring) -> [Step]? {
    if text.isEmpty { return [] }
    var steps: [Step] = []
    for (index, group) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { steps.append(.pause) }
      if group.isEmpty { continue }
      for word in group.split(separator: "&", omittingEmptySubsequences: false) {
        let isActive = !word.hasPrefix("-")
        let name = isActive ? word : word.dropFirst()
        if let line = ControlLine(rawValue: String(name)) {
          steps.append(.drive(line, active: isActive))
        } else if name == "brk", isActive {
          steps.append(.sendBreak)
        } else if name.allSatisfy(\.isASCIIDigit), let pin = Int(name) {
          steps.append(.drivePin(pin, high: isActive))
        } else {
          return nil
        }
      }
    }
    return steps
  }
}

extension [BootSequence.Step] {
  /// Goes through the steps on a line and the pins of this computer, where it has some.
  func perform(on line: any SerialLine, _ pins: (any HostPins)?) throws(DebugError) {
    for step in self {
      do throws(SerialError) {
        switch step {
        case .drive(let control, let active): try line.drive(control, active: active)
        case .sendBreak: try line.sendBreak(for: BootSequence.stepLength)
        case .pause: line.clock.wait(for: BootSequence.stepLength)
        case .drivePin: break
        }
      } catch {
        throw .serial(error, during: "setting the control lines")
      }
      guard case .drivePin(let pin, let high) = step else { continue }
      do throws(PinError) {
        guard let pins else { throw PinError(.unavailable, pin: pin, device: "/dev/gpiochip0") }
        try pins.drive(pin, high: high)
      } catch {
        throw .pin(error)
      }
    }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

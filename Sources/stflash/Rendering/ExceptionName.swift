import Engine

/// The names of a Cortex-M's exceptions (ARMv7-M, table B1-4).
enum ExceptionName {
  private static let system = [
    0: "the program", 1: "Reset", 2: "NMI", 3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault",
    11: "SVCall",
    12: "DebugMonitor", 14: "PendSV", 15: "SysTick",
  ]

  /// The name of an exception; interrupts by their number, which the chip's manual has names for.
  static func name(of number: Int) -> String { system[number] ?? "interrupt \(number - 16)" }
}

extension ITMPacket.ExceptionEvent {
  /// A stable name.
  var name: String {
    switch self {
    case .entered: "entered"
    case .exited: "exited"
    case .returnedTo: "returnedTo"
    }
  }

  /// The step as the beginning of a sentence.
  var words: String {
    switch self {
    case .entered: "entered"
    case .exited: "left"
    case .returnedTo: "back in"
    }
  }
}

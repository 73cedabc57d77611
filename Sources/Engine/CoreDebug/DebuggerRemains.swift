import Basics

/// What a debugging session that ended without a word has left in a chip; only looked at.
struct DebuggerRemains: Sendable, Equatable {
  /// What is there, in words.
  var parts: [String]
  /// Whether a breakpoint is armed, at which a program without a debugger ends in HardFault.
  var hasBreakpoints: Bool
  /// Whether FLASH_CR takes writes.
  var leavesFlashUnlocked: Bool

  /// Looks at a debug unit, and at the lock of the flash controller.
  ///
  /// - Parameter unit: DEMCR and DHCSR as they were before we touched them.
  static func find(_ access: any DebugAccess, unit: DebugUnit) throws(DebugError) -> DebuggerRemains {
    let monitor = unit.monitor ?? .clean
    let comparators = try Comparators.read(access, monitor: monitor)
    var parts: [String] = []
    let marks = comparators.markedAddresses
    if !marks.isEmpty {
      let places = marks.map(\.hexadecimal).joined(separator: ", ")
      parts.append("\(marks.count == 1 ? "a breakpoint" : "breakpoints") at \(places)")
    }
    if comparators.armedWatchpointCount > 0 { parts.append("\(comparators.armedWatchpointCount) watchpoint(s)") }
    let catches = DEMCR.catches.filter { monitor[$0] }.map(\.info.name)
    if !catches.isEmpty { parts.append("vector catches (\(catches.joined(separator: " ")))") }
    if unit.halting[.interruptMask] && unit.hadDebugger { parts.append("masked interrupts (C_MASKINTS)") }
    let isUnlocked = try !access.read(FlashControl.self)[.lock]
    return DebuggerRemains(parts: parts, hasBreakpoints: !marks.isEmpty, leavesFlashUnlocked: isUnlocked)
  }

  /// The same without what concerns the flash.
  var ofDebugUnit: DebuggerRemains {
    DebuggerRemains(parts: parts, hasBreakpoints: hasBreakpoints, leavesFlashUnlocked: false)
  }

  /// What to tell of it; nil where there is nothing.
  var warning: String? {
    let parts = parts + (leavesFlashUnlocked ? ["the flash controller unlocked"] : [])
    guard !parts.isEmpty else { return nil }
    return
      "a debugger, or the program, has left in the chip: \(parts.joined(separator: ", ")); a reset by this program "
      + "takes that out"
  }
}

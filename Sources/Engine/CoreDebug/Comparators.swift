import Basics

/// FP_CTRL: the flash patch and breakpoint unit (ARMv7-M, C1.11.3).
struct BreakpointControl: Register32 {
  static let name = "FP_CTRL"
  static let address: UInt32 = 0xE000_2000
  var rawValue: UInt32

  static var fields: [FieldInfo] {
    let flags: [Field<BreakpointControl, Bool>] = [.enable, .key]
    return flags.map(\.info)
  }

  /// Written to switch the unit off; without KEY a write does nothing.
  static let off = BreakpointControl(rawValue: Field.key.info.mask)
}

extension Field where Register == BreakpointControl, Value == Bool {
  /// ENABLE: the comparators act.
  static var enable: Self { Self("ENABLE", 0) }
  /// KEY: the write counts.
  static var key: Self { Self("KEY", 1) }
}

/// The comparators of a debug unit: breakpoints and patches in the FPB, watchpoints in the DWT.
///
/// They survive every reset but power-on, and act without a debugger too: an instruction that a breakpoint marks is a
/// HardFault with HFSR.DEBUGEVT then (ARMv7-M, C1.4.1).
struct Comparators: Sendable, Hashable {
  /// FP_CTRL.ENABLE.
  var isBreakpointUnitOn: Bool
  /// FP_COMP0 to 7 as read.
  var breakpoints: [UInt32]
  /// DWT_FUNCTION0 to 3 as read; nil where DEMCR.TRCENA hides the unit.
  var watchpoints: [UInt32]?

  /// Six for instructions and two for literals on every Cortex-M3 and M4 (FP_CTRL reads 0x260).
  private static let breakpointCount = 8
  private static let breakpointBase: UInt32 = 0xE000_2008
  private static let watchpointCount = 4
  private static let watchpointBase: UInt32 = 0xE000_1020
  /// COMP, MASK, FUNCTION and a gap.
  private static let watchpointStride = 16
  private static let functionOffset = 8
  /// FUNCTION, the part of DWT_FUNCTION that arms a comparator; 0 after power-on.
  private static let function: UInt32 = 0xF

  /// Looks at the comparators; only reads.
  ///
  /// - Parameter monitor: DEMCR, which says whether the DWT can be seen.
  static func read(_ access: any DebugAccess, monitor: DEMCR) throws(DebugError) -> Comparators {
    let patch = try access.readMemory(
      at: BreakpointControl.address, byteCount: 8 + 4 * breakpointCount, width: .word)
    var comparators = Comparators(
      isBreakpointUnitOn: BreakpointControl(rawValue: patch.littleEndianWord(at: 0))[.enable],
      breakpoints: (0..<breakpointCount).map { patch.littleEndianWord(at: 8 + 4 * $0) })
    guard monitor[.traceEnable] else { return comparators }
    let watch = try access.readMemory(
      at: watchpointBase, byteCount: watchpointStride * (watchpointCount - 1) + functionOffset + 4, width: .word)
    comparators.watchpoints = (0..<watchpointCount).map {
      watch.littleEndianWord(at: watchpointStride * $0 + functionOffset)
    }
    return comparators
  }

  /// Takes every comparator out of a debug unit in which the DWT can be seen; what is off already is left alone.
  ///
  /// CYCCNT is no comparator and goes on as it was.
  static func clear(_ access: any DebugAccess) throws(DebugError) {
    let found = try read(access, monitor: try access.read(DEMCR.self))
    // The other bits of a comparator that is off mean nothing and are not even known after power-on.
    for index in found.breakpoints.indices where found.breakpoints[index] & 1 != 0 {
      try access.writeWord(0, at: breakpointBase + 4 * UInt32(index))
    }
    if found.isBreakpointUnitOn { try access.write(BreakpointControl.off) }
    for (index, watchpoint) in (found.watchpoints ?? []).enumerated() where watchpoint & function != 0 {
      try access.writeWord(0, at: watchpointBase + UInt32(watchpointStride * index + functionOffset))
    }
  }

  /// The addresses that breakpoints mark, where the unit is on.
  var markedAddresses: [UInt32] {
    guard isBreakpointUnitOn else { return [] }
    return breakpoints.filter { $0 & 1 != 0 }.map { comparator in
      // REPLACE 2 is the upper halfword; 0 moves the word to the patch table (ARMv7-M, C1.11.5).
      comparator & 0x1FFF_FFFC + (comparator >> 30 == 2 ? 2 : 0)
    }
  }

  /// How many watchpoints are armed.
  var armedWatchpointCount: Int { (watchpoints ?? []).count { $0 & Comparators.function != 0 } }
}

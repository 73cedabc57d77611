/// The state of every exception: enabled, pending, active, priority (ARMv7-M, B1.5 and B3.4).
struct InterruptController {
  /// The external interrupts that exist.
  let implemented: ExceptionSet
  /// What is pending.
  var pending: ExceptionSet = 0
  /// What is active: entered and not yet returned from.
  var active: ExceptionSet = 0
  /// The enabled external interrupts, and the exceptions that are always enabled or enabled by SHCSR.
  var enabled: ExceptionSet = alwaysEnabled
  /// The interrupt lines that are high now.
  private(set) var lineLevels: ExceptionSet = 0
  /// Configurable priorities by exception number.
  private(set) var priorities = [UInt8](repeating: 0, count: ExceptionNumber.limit)

  /// NMI, HardFault, SVCall, DebugMonitor, PendSV and SysTick cannot be disabled: DEMCR.MON_EN decides which debug events
  /// ask for the monitor, not whether it is taken.
  private static let alwaysEnabled: ExceptionSet =
    .exception(ExceptionNumber.nonMaskable) | .exception(ExceptionNumber.hardFault)
    | .exception(ExceptionNumber.supervisorCall) | .exception(ExceptionNumber.debugMonitor)
    | .exception(ExceptionNumber.pendSV) | .exception(ExceptionNumber.sysTick)

  /// The priority bits that exist.
  static let priorityMask: UInt8 = ~UInt8(0) << UInt8(8 - CoreProfile.priorityBits)

  /// The exceptions whose priority can be set by SHPR1 to SHPR3.
  private static let configurableSystemExceptions: [Int] = [
    ExceptionNumber.memoryManagement, ExceptionNumber.busFault, ExceptionNumber.usageFault,
    ExceptionNumber.supervisorCall, ExceptionNumber.debugMonitor, ExceptionNumber.pendSV, ExceptionNumber.sysTick,
  ]

  /// A controller in its reset state.
  init(interruptLines: Int) {
    precondition((1...ExceptionNumber.limit - ExceptionNumber.firstInterrupt).contains(interruptLines))
    implemented = ((1 << UInt128(interruptLines)) - 1) << UInt128(ExceptionNumber.firstInterrupt)
  }

  /// Resets everything but the levels of the lines, which belong to the peripherals.
  mutating func reset() {
    pending = lineLevels
    active = 0
    enabled = Self.alwaysEnabled
    priorities = [UInt8](repeating: 0, count: ExceptionNumber.limit)
  }

  /// Drives an interrupt line; a rising edge makes the interrupt pending.
  mutating func setLine(_ line: Int, high: Bool) {
    let exception = ExceptionSet.exception(ExceptionNumber.firstInterrupt + line) & implemented
    if high {
      pending |= exception & ~lineLevels
      lineLevels |= exception
    } else {
      lineLevels &= ~exception
    }
  }

  /// Ends an exception's handler; a line that is still high makes it pending again.
  mutating func deactivate(_ number: Int) {
    active.set(exception: number, false)
    pending |= lineLevels & .exception(number)
  }

  /// Sets the priority of a configurable exception; others keep theirs.
  mutating func setPriority(_ number: Int, _ priority: UInt8) {
    let isConfigurable =
      number < ExceptionNumber.firstInterrupt
      ? Self.configurableSystemExceptions.contains(number) : implemented.contains(exception: number)
    guard isConfigurable else { return }
    priorities[number] = priority & Self.priorityMask
  }

  /// The priority of an exception before grouping: -2 for NMI, -1 for HardFault, else 0 to 255.
  func priority(of number: Int) -> Int {
    switch number {
    case ExceptionNumber.reset: return -3
    case ExceptionNumber.nonMaskable: return -2
    case ExceptionNumber.hardFault: return -1
    default: return Int(priorities[number])
    }
  }

  /// The pending and enabled exception that comes first: lowest priority value, then lowest number.
  func highestPending(masked: ExceptionSet = 0) -> (number: Int, priority: Int)? {
    var best: (number: Int, priority: Int)?
    (pending & enabled & ~masked).forEachException { number in
      let priority = priority(of: number)
      if best.map({ priority < $0.priority }) ?? true { best = (number, priority) }
    }
    return best
  }

  // MARK: Registers

  /// Reads a word of the interrupt registers; the offset counts from 0xE000_E000.
  func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x100..<0x140, 0x180..<0x1C0: return word(of: enabled & implemented, offset)
    case 0x200..<0x240, 0x280..<0x2C0: return word(of: pending & implemented, offset)
    case 0x300..<0x340: return word(of: active & implemented, offset)
    case 0x400..<0x4F0: return priorityWord(from: Int(offset - 0x400) + ExceptionNumber.firstInterrupt)
    default: return 0
    }
  }

  /// Writes a word of the interrupt registers.
  mutating func write(_ offset: UInt32, _ value: UInt32) {
    let selected = implemented & Self.set(from: value, offset)
    switch offset {
    case 0x100..<0x140: enabled |= selected
    case 0x180..<0x1C0: enabled &= ~selected
    case 0x200..<0x240: pending |= selected
    // The pending state of a line that is still high cannot be cleared.
    case 0x280..<0x2C0: pending &= ~selected | lineLevels
    case 0x400..<0x4F0: setPriorityWord(from: Int(offset - 0x400) + ExceptionNumber.firstInterrupt, value)
    default: break
    }
  }

  /// Four priorities as a word, the first in the lowest byte.
  func priorityWord(from first: Int) -> UInt32 {
    (0..<4).reduce(0) { word, index in
      let number = first + index
      return word | (number < ExceptionNumber.limit ? UInt32(priorities[number]) : 0) << UInt32(8 * index)
    }
  }

  /// Sets four priorities from a word.
  mutating func setPriorityWord(from first: Int, _ value: UInt32) {
    for index in 0..<4 where first + index < ExceptionNumber.limit {
      setPriority(first + index, UInt8(truncatingIfNeeded: value >> UInt32(8 * index)))
    }
  }

  /// The bit position of a set register's first interrupt.
  private static func shift(_ offset: UInt32) -> UInt128 {
    UInt128((offset & 0x3F) / 4 * 32) + UInt128(ExceptionNumber.firstInterrupt)
  }

  private func word(of set: ExceptionSet, _ offset: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: set >> Self.shift(offset))
  }

  private static func set(from value: UInt32, _ offset: UInt32) -> ExceptionSet {
    UInt128(value) << shift(offset)
  }
}

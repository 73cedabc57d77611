@testable import SimProbe

/// A flash interface on the bench: the registers by the offsets of the reference manual, and a clock that the test
/// moves.
struct FlashBench {
  static let keyr: UInt32 = 0x04
  static let optkeyr: UInt32 = 0x08
  static let sr: UInt32 = 0x0C
  static let cr: UInt32 = 0x10
  static let optcr: UInt32 = 0x14
  static let optcr1: UInt32 = 0x18

  static let x32: UInt32 = 0x200
  static let busy: UInt32 = 0x1_0000

  let flash: FlashInterface
  var now: UInt64 = 1000

  init(_ name: String = "stm32f407vg", seed: UInt64 = 1, slow: Bool = false) throws {
    let model = try ChipModel(named: name)
    let timing = FlashTiming(model.family.flashTimes, grade: slow ? .slow : .typical)
    flash = FlashInterface(variant: model.variant, timing: timing, seed: seed)
  }

  func read(_ register: UInt32, _ width: BusWidth = .word) -> UInt32 {
    flash.readRegister(at: register, width, now: now)
  }

  @discardableResult
  func write(_ register: UInt32, _ value: UInt32, _ width: BusWidth = .word) -> BusAnswer {
    flash.writeRegister(at: register, value, width, now: now)
  }

  @discardableResult
  func program(_ offset: Int, _ value: UInt32, _ width: BusWidth = .word) -> BusAnswer {
    flash.write(.main, at: offset, value, width, now: now)
  }

  func load(_ offset: Int, _ width: BusWidth = .word, by master: BusMaster = .debugger) -> BusAnswer {
    flash.read(at: offset, width, by: master, now: now)
  }

  func unlock() {
    write(Self.keyr, 0x4567_0123)
    write(Self.keyr, 0xCDEF_89AB)
  }

  func unlockOptions() {
    write(Self.optkeyr, 0x0819_2A3B)
    write(Self.optkeyr, 0x4C5D_6E7F)
  }

  /// Lets the running operation end; the time that it took.
  @discardableResult
  mutating func finish() -> UInt64 {
    let start = now
    if let end = flash.busyUntil { now = max(now, end) }
    flash.settle(now)
    return now - start
  }

  /// Starts a sector erase by its SNB code.
  func startErase(_ selector: UInt32, psize: UInt32 = FlashBench.x32) {
    write(Self.cr, psize | 0x02 | selector << 3)
    write(Self.cr, psize | 0x02 | selector << 3 | 0x1_0000)
  }

  /// Programs one word at x32 and waits for it.
  mutating func put(_ value: UInt32, at offset: Int) {
    write(Self.cr, Self.x32 | 1)
    program(offset, value)
    finish()
    write(Self.cr, 0)
  }

  /// Writes the option bytes with OPTSTRT and waits.
  mutating func putOptions(_ optcr: UInt32, optcr1: UInt32? = nil) {
    unlockOptions()
    if let optcr1 { write(Self.optcr1, optcr1) }
    write(Self.optcr, optcr)
    write(Self.optcr, optcr | 2)
    finish()
  }
}

extension BusAnswer {
  /// The value of an access that is done; nil for a stall or a fault.
  var value: UInt32? {
    if case .done(let value, _) = self { value } else { nil }
  }
}

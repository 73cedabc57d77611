import Basics

// Single words of memory and registers, by accesses of one width.
extension TargetSession {
  /// Reads so many values with accesses of exactly one width, which matters for registers.
  ///
  /// The core is left as it is: after a hot plug the program runs on. Reading some registers changes them, such as a
  /// serial port's data register.
  ///
  /// - Throws: `SessionError.plan` for an address that is no multiple of the width, and for what is protected;
  ///   `SessionError.flash` where the bus answers with an error.
  public func peek(at address: UInt32, count: Int, width: AccessWidth) throws(SessionError) -> [UInt32] {
    let link = try openLink()
    let byteCount = count * width.byteCount
    try checkAligned(address, width)
    let range = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: address, byteCount: byteCount)
    }
    let read = { [self] () throws(SessionError) in
      try accessing(range, "reading \(range.lowerBound.hexadecimal)") { () throws(DebugError) in
        if width == .word, count == 1 { return [try link.readWord(at: address)] }
        return width.values(of: try link.readMemory(at: address, byteCount: byteCount, width: width))
      }
    }
    return AddressPlace(of: address).isFlash ? try believing(read) : try read()
  }

  /// Writes values with accesses of exactly one width, one after the other.
  ///
  /// - Throws: `SessionError.plan` for what is no place for single writes: the flash and its option registers, which have
  ///   calls of their own that look before they write; else as `peek`.
  public func poke(_ values: [UInt32], at address: UInt32, width: AccessWidth) throws(SessionError) {
    let link = try openLink()
    try checkAligned(address, width)
    let range = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: address, byteCount: values.count * width.byteCount)
    }
    if let refusal = PokeRefusal(of: range) { throw .plan(.noPlaceToPoke(range, refusal)) }
    try accessing(range, "writing \(range.lowerBound.hexadecimal)") { () throws(DebugError) in
      if width == .word, values.count == 1 { return try link.writeWord(values[0], at: address) }
      try link.writeMemory(width.bytes(of: values), at: address, width: width)
    }
  }

  /// Whether reading values back changes nothing about them: in RAM, and in registers that the engine knows.
  ///
  /// Any other register may take a read for an action, as a serial port's data register does.
  public static func canReadBack(at address: UInt32, count: Int, width: AccessWidth) -> Bool {
    let addresses = (0..<count).map { address &+ UInt32($0 * width.byteCount) }
    return addresses.allSatisfy {
      [.ram, .coreCoupledMemory].contains(AddressPlace(of: $0)) || NamedRegister(at: $0 & ~3) != nil
    }
  }

  private func checkAligned(_ address: UInt32, _ width: AccessWidth) throws(SessionError) {
    guard address % UInt32(width.byteCount) == 0 else { throw .plan(.notAligned(address, width)) }
  }

  /// Runs accesses, and says of those that the bus refuses whether there is anything at all.
  private func accessing<Value>(
    _ range: ClosedRange<UInt32>, _ action: String, _ body: () throws(DebugError) -> Value
  ) throws(SessionError) -> Value {
    try flash { () throws(FlashError) in
      do throws(FlashError) {
        return try FlashError.wrapping(action, body)
      } catch {
        var error = error
        error.evidence.address = range.lowerBound
        error.evidence.isOutsideMemory = !(device?.hasMemory(at: range) ?? true)
        throw error
      }
    }
  }
}

/// Why a place is not written by single words.
public enum PokeRefusal: Sendable, Equatable {
  /// Flash, OTP or option bytes: they are programmed by their controller.
  case flash
  /// FLASH_OPTKEYR, FLASH_OPTCR or FLASH_OPTCR1: a single word there can close the chip for ever.
  case optionRegisters

  /// The bit-band alias of the peripherals: a word for each bit (ARM DDI 0403, B3.1).
  private static let alias: Range<UInt32> = 0x4200_0000..<0x4400_0000

  /// Why a range is refused; nil for one that may be written.
  init?(of range: ClosedRange<UInt32>) {
    let behind = PokeRefusal.addresses(behind: range)
    if ChipFamily.presumed.optionRegisters.contains(where: { $0.overlaps(behind) }) {
      self = .optionRegisters
    } else if AddressPlace.parts(of: range).contains(where: { $0.place.isFlash }) {
      self = .flash
    } else {
      return nil
    }
  }

  /// What a write reaches: the same addresses, or those that an alias stands for.
  private static func addresses(behind range: ClosedRange<UInt32>) -> ClosedRange<UInt32> {
    guard alias.contains(range.lowerBound), alias.contains(range.upperBound) else { return range }
    let place = { (address: UInt32) in 0x4000_0000 + (address - alias.lowerBound) / 32 }
    return place(range.lowerBound)...place(range.upperBound)
  }
}

extension AccessWidth {
  /// The width in bits.
  public var bitCount: Int { byteCount * 8 }

  /// The values of bytes in memory order.
  func values(of bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count - byteCount + 1, by: byteCount).map { start in
      (0..<byteCount).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }
  }

  /// The bytes of values in memory order.
  func bytes(of values: [UInt32]) -> [UInt8] {
    values.flatMap { value in (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
  }
}

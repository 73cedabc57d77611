import Basics

// Registers and memory.
extension Debugger {
  /// R0 to R15, xPSR, MSP and PSP.
  public func image() throws(DebugError) -> CoreImage {
    if let registers { return registers }
    let image = CoreImage(values: try access.readCoreRegisters())
    registers = image
    return image
  }

  /// Reads any core register.
  public func readRegister(_ register: CoreRegister) throws(DebugError) -> UInt32 {
    let index = Int(register.rawValue)
    let image = try image()
    return index < image.values.count ? image.values[index] : try access.readCoreRegister(register)
  }

  /// Writes any core register.
  public func writeRegister(_ register: CoreRegister, _ value: UInt32) throws(DebugError) {
    try access.writeCoreRegister(register, value)
    // SP is MSP or PSP, and CONTROL says which.
    registers = nil
  }

  /// Whether the core has an FPU: only then are there S0 to S31 and FPSCR.
  public func hasFPU() throws(DebugError) -> Bool {
    if let knownFPU { return knownFPU }
    // MVFR0 reads as zero on a core without (ARMv7-M, B4.7.1).
    let hasFPU = try access.readWord(at: 0xE000_EF40) != 0
    knownFPU = hasFPU
    return hasFPU
  }

  /// Reads memory or registers: what can be kept in any width, everything else by accesses as wide as address and length allow.
  ///
  /// - Throws: `DebugError.misaligned` for what lies in no region of the chip, without an access.
  public func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    if byteCount == 0 { return [] }
    if isHalted || isRunning, memory.holds(address, byteCount) {
      let bytes =
        isHalted
        ? try memory.read(at: address, byteCount: byteCount) : try access.readMemory(at: address, byteCount: byteCount)
      return planted.uncovered(bytes, at: address)
    }
    var result: [UInt8] = []
    // A stretch may reach from one region into the next.
    for part in try parts(at: address, byteCount) {
      if part.isMemory {
        result += planted.uncovered(
          try access.readMemory(at: part.address, byteCount: part.byteCount), at: part.address)
      } else {
        result += try access.readMemory(at: part.address, byteCount: part.byteCount, width: try width(of: part))
      }
    }
    return result
  }

  /// Writes memory or registers, as `readMemory` reads; flash is not written so.
  public func writeMemory(_ bytes: [UInt8], at address: UInt32) throws(DebugError) {
    if bytes.isEmpty { return }
    memory.forget()
    var offset = 0
    for part in try parts(at: address, bytes.count) {
      let slice = Array(bytes[offset..<offset + part.byteCount])
      offset += part.byteCount
      if part.isMemory {
        try planted.lift(in: part.address..<part.address + UInt32(part.byteCount))
        try access.writeMemory(slice, at: part.address)
      } else {
        try access.writeMemory(slice, at: part.address, width: try width(of: part))
      }
    }
  }

  /// Whether a stretch lies in flash, wholly or in part.
  public func touchesFlash(_ address: UInt32, byteCount: Int) -> Bool {
    regions.contains {
      if case .readWrite = $0.kind { return false }
      return UInt64(address) < UInt64($0.range.upperBound)
        && UInt64($0.start) < UInt64(address) + UInt64(max(byteCount, 1))
    }
  }

  private struct Part {
    var address: UInt32
    var byteCount: Int
    var isMemory: Bool
  }

  /// A stretch cut where one region ends and the next begins.
  private func parts(at address: UInt32, _ byteCount: Int) throws(DebugError) -> [Part] {
    var parts: [Part] = []
    var (start, rest) = (address, byteCount)
    while rest > 0 {
      guard let region = regions.first(where: { $0.range.contains(start) }) else {
        throw .misaligned(address: start, byteCount: rest, width: .byte)
      }
      let count = min(rest, Int(region.range.upperBound - start))
      parts.append(Part(address: start, byteCount: count, isMemory: region.isMemory))
      start += UInt32(count)
      rest -= count
    }
    return parts
  }

  private func width(of part: Part) throws(DebugError) -> AccessWidth {
    let bits = part.address | UInt32(part.byteCount)
    if bits & 3 == 0 { return .word }
    if bits & 1 == 0, try access.makesHalfwordAccesses() { return .halfword }
    return .byte
  }
}

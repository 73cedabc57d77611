extension FlashInterface {
  /// Takes a write to an address of the main flash or of the OTP area (RM0090, 3.6.4).
  ///
  /// Bits only go from 1 to 0; asking for the opposite is no error. What is refused sets its flag and changes nothing,
  /// and the bus access itself always ends well.
  ///
  /// - Parameter offset: from the start of the target; may be misaligned.
  func write(_ target: FlashTarget, at offset: Int, _ value: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    settle(now)
    if let operation { return .stalled(until: operation.end) }
    let parallelism = control.parallelism
    if let refusal = refusal(of: target, at: offset, width, parallelism) {
      firstHalf = nil
      fail(refusal)
      return .done(0, cycles: 0)
    }
    guard parallelism == .x64 else {
      pulse(target, at: offset, UInt64(value), byteCount: Int(width.rawValue), now: now)
      return .done(0, cycles: 0)
    }
    writeHalf(target, at: offset, value, now: now)
    return .done(0, cycles: 0)
  }

  /// A write to the information block outside OTP, which nobody can program.
  func writeReadOnly(_ width: BusWidth, now: UInt64) -> BusAnswer {
    settle(now)
    if let operation { return .stalled(until: operation.end) }
    fail(control.has(FlashControl.pg) ? .writeProtectionError : sequenceError(width, control.parallelism))
    return .done(0, cycles: 0)
  }

  private func refusal(
    of target: FlashTarget, at offset: Int, _ width: BusWidth, _ parallelism: Parallelism
  ) -> FlashStatus? {
    guard control.has(FlashControl.pg) else { return sequenceError(width, parallelism) }
    guard matches(width, parallelism) else { return .parallelismError }
    guard offset & 0xF + Int(width.rawValue) <= 0x10 else { return .alignmentError }
    return isProtected(target, at: offset) ? .writeProtectionError : nil
  }

  /// A write without PG sets PGSERR, and PGPERR on top of it where the width does not fit either.
  private func sequenceError(_ width: BusWidth, _ parallelism: Parallelism) -> FlashStatus {
    matches(width, parallelism) ? .sequenceError : [.sequenceError, .parallelismError]
  }

  /// An x64 programming is two word accesses, and works only with the high voltage at VPP.
  private func matches(_ width: BusWidth, _ parallelism: Parallelism) -> Bool {
    parallelism == .x64 ? width == .word && hasProgrammingVoltage : width.rawValue == parallelism.rawValue
  }

  private func isProtected(_ target: FlashTarget, at offset: Int) -> Bool {
    if isShutByReadProtection { return true }
    switch target {
    case .main: return protectedSectors & 1 << UInt32(map.index(at: UInt32(offset))) != 0
    case .otp: return offset < 512 && otp.byte(at: 512 + offset / 32) == 0x00
    }
  }

  private func writeHalf(_ target: FlashTarget, at offset: Int, _ value: UInt32, now: UInt64) {
    if offset & 0b111 == 0 {
      firstHalf = (target, offset, value)
    } else if let half = firstHalf, half.target == target, half.offset + 4 == offset {
      firstHalf = nil
      pulse(target, at: half.offset, UInt64(value) << 32 | UInt64(half.value), byteCount: 8, now: now)
    } else {
      firstHalf = nil
      fail(.sequenceError)
    }
  }

  private func pulse(_ target: FlashTarget, at offset: Int, _ value: UInt64, byteCount: Int, now: UInt64) {
    let cells = cells(of: target)
    let isReliable = supports(control.parallelism)
    let original = cells.load(byteCount, at: offset)
    // Below its supply range a pulse is too weak for about one cell in eight, and no flag tells.
    let misses = isReliable ? 0 : random.next() & random.next() & random.next()
    cells.store(original & (value | misses), byteCount, at: offset)
    work.programmedByteCount += byteCount
    defects?.hold(main)
    let bank: UInt8 = target == .main ? 1 << UInt8(map.bank(at: UInt32(offset))) : 1
    begin(
      FlashOperation(
        kind: .program(target, offset: offset, original: original, byteCount: byteCount), start: now,
        end: now + timing.program, busyBanks: bank, isReliable: isReliable))
  }

  /// The region behind a target.
  func cells(of target: FlashTarget) -> MemoryRegion {
    target == .main ? main : otp
  }
}

extension MemoryRegion {
  /// Reads 1, 2, 4 or 8 bytes.
  fileprivate func load(_ byteCount: Int, at offset: Int) -> UInt64 {
    guard byteCount == 8 else { return BusWidth(rawValue: UInt32(byteCount)).map { UInt64(load($0, at: offset)) } ?? 0 }
    return UInt64(word(at: offset)) | UInt64(word(at: offset + 4)) << 32
  }

  /// Writes 1, 2, 4 or 8 bytes.
  fileprivate func store(_ value: UInt64, _ byteCount: Int, at offset: Int) {
    if let width = BusWidth(rawValue: UInt32(byteCount)) {
      store(UInt32(truncatingIfNeeded: value), width, at: offset)
    } else {
      store(UInt32(truncatingIfNeeded: value), .word, at: offset)
      store(UInt32(truncatingIfNeeded: value >> 32), .word, at: offset + 4)
    }
  }
}

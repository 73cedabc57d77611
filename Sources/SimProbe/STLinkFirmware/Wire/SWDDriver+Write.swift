extension SWDDriver {
  /// Writes whole units of a block; call `finish` after the last of them.
  ///
  /// - Parameters:
  ///   - bytes: what USB delivered.
  ///   - range: the part of it to write, whole units.
  func write(_ bytes: [UInt8], _ range: Range<Int>, to block: inout BlockWrite) throws(MemoryFailure) {
    var failing = block.address
    do throws(ProbeStatus) {
      switch method {
      case .autoIncrement: try writeIncrementing(bytes, range, &block, &failing)
      case .bankedData: try writeBanked(bytes, range, &block, &failing)
      }
    } catch {
      throw MemoryFailure(status: error, address: failing)
    }
  }

  /// Looks whether the last access of a block went well.
  func finish(_ block: BlockWrite) throws(MemoryFailure) {
    guard method == .autoIncrement, block.hasBegun else { return }
    do throws(ProbeStatus) {
      try checkStickyFlags()
    } catch {
      let back = block.access.increments ? block.access.width.rawValue : 0
      throw MemoryFailure(status: error, address: block.address &- back)
    }
  }

  /// Writes one aligned word of port 0 and looks whether the write went well.
  func writeWord(_ value: UInt32, at address: UInt32) throws(ProbeStatus) {
    try writeWord(value, MemoryAccess(address: address, width: .word))
  }

  /// Writes the one word at the address of an access and looks whether the write went well.
  func writeWord(_ value: UInt32, _ access: MemoryAccess) throws(ProbeStatus) {
    try prepare(access, address: access.address, isFirst: true)
    try transfer(.write(.access, AccessPortRegister.data, value))
    try checkStickyFlags()
  }

  /// One DRW write a unit.
  ///
  /// A write's bus error shows at the packet after it, so `failing` trails by one unit.
  private func writeIncrementing(
    _ bytes: [UInt8], _ range: Range<Int>, _ block: inout BlockWrite, _ failing: inout UInt32
  ) throws(ProbeStatus) {
    let access = block.access
    let step = access.width.rawValue
    var offset = range.lowerBound
    while offset < range.upperBound {
      if block.hasBegun, access.increments { failing = block.address &- step }
      if !block.isAddressSet || (access.increments && block.address & 1023 == 0) {
        try prepare(access, address: block.address, isFirst: !block.hasBegun)
        block.isAddressSet = true
      }
      let word = SWDDriver.load(bytes, offset, access.width) << (8 * (block.address & 3))
      try transfer(.write(.access, AccessPortRegister.data, word), .dataPhase)
      block.hasBegun = true
      offset += Int(step)
      if access.increments { block.address &+= step }
    }
  }

  /// Four words at a time through BD0 to BD3 where the address allows it, else each unit alone; each is checked.
  private func writeBanked(
    _ bytes: [UInt8], _ range: Range<Int>, _ block: inout BlockWrite, _ failing: inout UInt32
  ) throws(ProbeStatus) {
    let access = block.access
    var offset = range.lowerBound
    while offset < range.upperBound {
      failing = block.address
      try prepare(access, address: block.address, isFirst: !block.hasBegun)
      block.hasBegun = true
      if isBankable(access, block.address, range.upperBound - offset) {
        try select(port: access.port, bank: AccessPortRegister.bankedData)
        for register: UInt8 in 0..<4 {
          let word = SWDDriver.load(bytes, offset, .word)
          try transfer(.write(.access, register * 4, word), .dataPhase)
          offset += 4
          block.address &+= 4
        }
      } else {
        let word = SWDDriver.load(bytes, offset, access.width) << (8 * (block.address & 3))
        try transfer(.write(.access, AccessPortRegister.data, word), .dataPhase)
        offset += Int(access.width.rawValue)
        if access.increments { block.address &+= access.width.rawValue }
      }
      try checkStickyFlags()
    }
  }

  /// A little-endian unit, right-aligned.
  private static func load(_ bytes: [UInt8], _ offset: Int, _ width: BusWidth) -> UInt32 {
    switch width {
    case .byte: UInt32(bytes[offset])
    case .halfword: UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8
    case .word:
      UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
        | UInt32(bytes[offset + 3]) << 24
    }
  }
}

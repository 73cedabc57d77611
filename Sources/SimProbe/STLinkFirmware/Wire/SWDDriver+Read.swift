extension SWDDriver {
  /// Reads memory into the beginning of a buffer, which keeps its old bytes from the first failing access on.
  ///
  /// - Parameter byteCount: a multiple of the width.
  func read(_ access: MemoryAccess, byteCount: Int, into buffer: inout [UInt8]) throws(MemoryFailure) {
    var address = access.address
    do throws(ProbeStatus) {
      switch method {
      case .autoIncrement: try readIncrementing(access, byteCount, &buffer, &address)
      case .bankedData: try readBanked(access, byteCount, &buffer, &address)
      }
    } catch {
      throw MemoryFailure(status: error, address: address)
    }
  }

  /// Reads one aligned word of port 0.
  func readWord(at address: UInt32) throws(ProbeStatus) -> UInt32 {
    try readWord(MemoryAccess(address: address, width: .word))
  }

  /// Reads the one word at the address of an access.
  func readWord(_ access: MemoryAccess) throws(ProbeStatus) -> UInt32 {
    try prepare(access, address: access.address, isFirst: true)
    try transfer(.read(.access, AccessPortRegister.data))
    return try transfer(.read(.debug, DebugPortRegister.readBuffer))
  }

  /// One DRW read a unit; each returns the unit before, RDBUFF the last one.
  ///
  /// TAR is set anew at each 1 KiB boundary,
  /// beyond which auto-increment is not guaranteed (ADIv5.2, C2.2.2).
  private func readIncrementing(
    _ access: MemoryAccess, _ byteCount: Int, _ buffer: inout [UInt8], _ address: inout UInt32
  ) throws(ProbeStatus) {
    let step = Int(access.width.rawValue)
    var offset = 0
    while offset < byteCount {
      try prepare(access, address: address, isFirst: offset == 0)
      let page = access.increments ? min(byteCount - offset, 1024 - Int(address & 1023)) : byteCount - offset
      let end = offset + page
      try transfer(.read(.access, AccessPortRegister.data), .dataPhase)
      while offset < end {
        let isLast = offset + step == end
        let word = try transfer(
          isLast
            ? .read(.debug, DebugPortRegister.readBuffer) : .read(.access, AccessPortRegister.data),
          .dataPhase)
        SWDDriver.store(word, address, access.width, &buffer, offset)
        offset += step
        if access.increments { address &+= UInt32(step) }
      }
    }
  }

  /// Four words at a time through BD0 to BD3 where the address allows it, else each unit alone.
  private func readBanked(
    _ access: MemoryAccess, _ byteCount: Int, _ buffer: inout [UInt8], _ address: inout UInt32
  ) throws(ProbeStatus) {
    var offset = 0
    while offset < byteCount {
      try prepare(access, address: address, isFirst: offset == 0)
      if isBankable(access, address, byteCount - offset) {
        try select(port: access.port, bank: AccessPortRegister.bankedData)
        try transfer(.read(.access, 0x0), .dataPhase)
        for next: UInt8 in 1...4 {
          let word = try transfer(
            next < 4 ? .read(.access, next * 4) : .read(.debug, DebugPortRegister.readBuffer), .dataPhase)
          SWDDriver.store(word, address, .word, &buffer, offset)
          offset += 4
          address &+= 4
        }
      } else {
        try transfer(.read(.access, AccessPortRegister.data), .dataPhase)
        let word = try transfer(.read(.debug, DebugPortRegister.readBuffer), .dataPhase)
        SWDDriver.store(word, address, access.width, &buffer, offset)
        offset += Int(access.width.rawValue)
        if access.increments { address &+= access.width.rawValue }
      }
    }
  }

  /// Whether the next 16 bytes can go through the banked data registers, which lie at TAR rounded down to 16.
  func isBankable(_ access: MemoryAccess, _ address: UInt32, _ remaining: Int) -> Bool {
    access.width == .word && access.increments && address & 0xF == 0 && remaining >= 16
  }

  /// Puts a unit into the buffer; data below 32 bits stand in the byte lane of their address.
  private static func store(
    _ word: UInt32, _ address: UInt32, _ width: BusWidth, _ buffer: inout [UInt8], _ offset: Int
  ) {
    let unit = width == .word ? word : word >> (8 * (address & 3))
    for index in 0..<Int(width.rawValue) {
      buffer[offset + index] = UInt8(truncatingIfNeeded: unit >> (8 * UInt32(index)))
    }
  }
}

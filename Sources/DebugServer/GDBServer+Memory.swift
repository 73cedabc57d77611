import Basics
import Engine
import Failures

// Registers, memory, breakpoints.
extension GDBServer {
  // MARK: Registers

  func readGeneralRegisters() throws(SessionError) -> Answer {
    let image = try onCore { () throws(DebugError) in try debugger.image() }
    return .bytes(
      RemotePacket.hex(of: image.values.prefix(TargetDescription.generalCount).flatMap(\.littleEndianBytes)))
  }

  func writeGeneralRegisters(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    guard let bytes = RemotePacket.bytes(ofHex: rest), bytes.count == 4 * TargetDescription.generalCount else {
      return .failure("a malformed request")
    }
    try onCore { () throws(DebugError) in
      for number in 0..<TargetDescription.generalCount {
        try write(bytes.littleEndianWord(at: 4 * number), to: CoreRegister(rawValue: UInt8(number)))
      }
    }
    return .done
  }

  func readRegister(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    guard let number = RemotePacket.number(rest) else { return .failure("a malformed request") }
    let bytes = try onCore { () throws(DebugError) -> [UInt8]? in
      switch TargetDescription.register(number, hasFPU: try debugger.hasFPU()) {
      case nil: nil
      case .core(let register): try debugger.readRegister(register).littleEndianBytes
      case .special(let shift): [UInt8(truncatingIfNeeded: try debugger.readRegister(.control) >> shift)]
      case .floatStatus: try debugger.readRegister(TargetDescription.floatStatus).littleEndianBytes
      case .double(let index):
        try debugger.readRegister(TargetDescription.single(2 * index)).littleEndianBytes
          + debugger.readRegister(TargetDescription.single(2 * index + 1)).littleEndianBytes
      }
    }
    guard let bytes else { return .failure("there is no register \(number)") }
    return .bytes(RemotePacket.hex(of: bytes))
  }

  func writeRegister(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    let parts = rest.split(separator: UInt8(ascii: "="))
    guard parts.count == 2, let number = RemotePacket.number(parts[0]), let bytes = RemotePacket.bytes(ofHex: parts[1])
    else { return .failure("a malformed request") }
    let isWritten = try onCore { () throws(DebugError) -> Bool in
      switch TargetDescription.register(number, hasFPU: try debugger.hasFPU()) {
      case .core(let register) where bytes.count == 4: try write(bytes.littleEndianWord(at: 0), to: register)
      case .special(let shift) where bytes.count == 1:
        let word = try debugger.readRegister(.control) & ~(0xFF << shift) | UInt32(bytes[0]) << shift
        try debugger.writeRegister(.control, word)
      case .floatStatus where bytes.count == 4:
        try debugger.writeRegister(TargetDescription.floatStatus, bytes.littleEndianWord(at: 0))
      case .double(let index) where bytes.count == 8:
        for half in 0..<2 {
          try debugger.writeRegister(
            TargetDescription.single(2 * index + UInt8(half)), bytes.littleEndianWord(at: 4 * half))
        }
      default: return false
      }
      return true
    }
    return isWritten ? .done : .failure("there is no such register \(number)")
  }

  /// Without the T bit the next instruction is a fault, and GDB knows nothing of it.
  private func write(_ value: UInt32, to register: CoreRegister) throws(DebugError) {
    switch register {
    case .xPSR: try debugger.writeRegister(.xPSR, value | 1 << 24)
    case .programCounter:
      try debugger.writeRegister(.programCounter, value & ~1)
      let status = try debugger.image().status
      if status & 1 << 24 == 0 { try debugger.writeRegister(.xPSR, status | 1 << 24) }
    default: try debugger.writeRegister(register, value)
    }
  }

  // MARK: Memory

  func readMemory(_ rest: ArraySlice<UInt8>, isBinary: Bool) throws(SessionError) -> Answer {
    guard let (address, length) = GDBServer.place(rest) else { return .failure("a malformed request") }
    // What does not fit may be left out: GDB asks for the rest.
    let count = min(Int(length), GDBServer.packetLimit / 2 - 16)
    if count == 0 { return isBinary ? .text("b") : .text("") }
    let bytes: [UInt8]
    do throws(DebugError) {
      bytes = try debugger.readMemory(at: address, byteCount: count)
    } catch {
      if !error.canGoOn { throw .access(error) }
      return .failure("\(address.hexadecimal) cannot be read: \(error.report.summary)")
    }
    return .bytes(isBinary ? [UInt8(ascii: "b")] + RemotePacket.escaped(bytes) : RemotePacket.hex(of: bytes))
  }

  func writeMemory(_ rest: ArraySlice<UInt8>, isBinary: Bool) throws(SessionError) -> Answer {
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), let (address, length) = GDBServer.place(rest[..<colon])
    else { return .failure("a malformed request") }
    let content = rest[(colon + 1)...]
    let decoded = isBinary ? RemotePacket.unescaped(content) : RemotePacket.bytes(ofHex: content)
    guard let bytes = decoded, bytes.count == Int(length) else { return .failure("a malformed request") }
    // GDB asks so whether there is such a packet.
    if bytes.isEmpty { return .done }
    if debugger.touchesFlash(address, byteCount: bytes.count) {
      return .failure("\(address.hexadecimal) is flash, which is written by load, and not by single accesses")
    }
    do throws(DebugError) {
      try debugger.writeMemory(bytes, at: address)
    } catch {
      if !error.canGoOn { throw .access(error) }
      return .failure("\(address.hexadecimal) cannot be written: \(error.report.summary)")
    }
    load.noteWrite(bytes, at: address, debugger.device)
    return .done
  }

  /// `ADDRESS,LENGTH`.
  static func place(_ text: ArraySlice<UInt8>) -> (address: UInt32, length: UInt32)? {
    let parts = text.split(separator: UInt8(ascii: ","))
    guard parts.count == 2, let address = RemotePacket.number(parts[0]), let length = RemotePacket.number(parts[1])
    else { return nil }
    return (address, length)
  }

  /// What is read for a checksum at once, and how long all of it may take: GDB waits for its answer six seconds at the most.
  private static let checksumPiece = 0x4000
  private static let checksumLimit: Duration = .milliseconds(1500)

  /// `:ADDRESS,LENGTH`: a checksum; the empty answer where it takes too long, and GDB reads the memory itself then.
  func checksum(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    guard let (address, length) = GDBServer.place(rest.dropFirst()) else { return .failure("a malformed request") }
    var sum = MemoryChecksum()
    var (place, left) = (address, Int(length))
    let started = debugger.now
    while left > 0 {
      let count = min(left, GDBServer.checksumPiece)
      do throws(DebugError) {
        sum.add(try debugger.readMemory(at: place, byteCount: count))
      } catch {
        if !error.canGoOn { throw .access(error) }
        return .failure("\(place.hexadecimal) cannot be read: \(error.report.summary)")
      }
      place &+= UInt32(count)
      left -= count
      if left > 0, debugger.now - started > GDBServer.checksumLimit { return .unknown }
    }
    return .text("C" + RemotePacket.digits(sum.value, width: 8))
  }

  // MARK: Breakpoints and watchpoints

  /// `TYPE,ADDRESS,KIND`.
  func mark(_ rest: ArraySlice<UInt8>, isSet: Bool) throws(SessionError) -> Answer {
    let parts = rest.prefix { $0 != UInt8(ascii: ";") }.split(separator: UInt8(ascii: ","))
    guard parts.count == 3, let address = RemotePacket.number(parts[1]), let kind = RemotePacket.number(parts[2]) else {
      return .failure("a malformed request")
    }
    switch parts[0].first {
    case UInt8(ascii: "0"), UInt8(ascii: "1"):
      guard isSet else {
        _ = debugger.removeBreakpoint(at: address)
        return .done
      }
      if try onCore({ () throws(DebugError) in try debugger.setBreakpoint(at: address) }) { return .done }
      let counts = try onCore { () throws(DebugError) in try debugger.comparatorCounts() }
      return .failure("no breakpoint at \(address.hexadecimal): the chip has \(counts.breakpoints), all in use")
    case UInt8(ascii: "2"): return try watch(address, kind, .write, isSet: isSet)
    case UInt8(ascii: "3"): return try watch(address, kind, .read, isSet: isSet)
    case UInt8(ascii: "4"): return try watch(address, kind, .any, isSet: isSet)
    default: return .unknown
    }
  }

  private func watch(
    _ address: UInt32, _ byteCount: UInt32, _ access: Watchpoint.Access, isSet: Bool
  ) throws(SessionError) -> Answer {
    guard let watchpoint = Watchpoint(address: address, byteCount: byteCount, access: access) else {
      return .failure("a malformed request")
    }
    guard isSet else {
      _ = debugger.removeWatchpoint(watchpoint)
      return .done
    }
    if try onCore({ () throws(DebugError) in try debugger.setWatchpoint(watchpoint) }) { return .done }
    let counts = try onCore { () throws(DebugError) in try debugger.comparatorCounts() }
    return .failure("no watchpoint at \(address.hexadecimal): the chip has \(counts.watchpoints) comparators for them")
  }
}

extension DebugError {
  /// Whether the probe works, so that only this access has failed.
  var canGoOn: Bool { SessionError.access(self).isOfTheTarget }
}

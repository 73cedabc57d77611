import Basics
import Engine

// Which packet means what (GDB's manual, "Packets" and "General Query Packets").
extension GDBServer {
  func answer(to payload: [UInt8]) throws(SessionError) -> Answer {
    guard let first = payload.first else { return .unknown }
    let rest = payload[1...]
    if !SteppedLine.goesOn(after: payload) { line.forget() }
    switch first {
    case UInt8(ascii: "?"): return try attach()
    case UInt8(ascii: "!"):
      isExtended = true
      return .done
    case UInt8(ascii: "g"): return try readGeneralRegisters()
    case UInt8(ascii: "G"): return try writeGeneralRegisters(rest)
    case UInt8(ascii: "p"): return try readRegister(rest)
    case UInt8(ascii: "P"): return try writeRegister(rest)
    case UInt8(ascii: "m"): return try readMemory(rest, isBinary: false)
    case UInt8(ascii: "x"): return try readMemory(rest, isBinary: true)
    case UInt8(ascii: "M"): return try writeMemory(rest, isBinary: false)
    case UInt8(ascii: "X"): return try writeMemory(rest, isBinary: true)
    case UInt8(ascii: "Z"): return try mark(rest, isSet: true)
    case UInt8(ascii: "z"): return try mark(rest, isSet: false)
    case UInt8(ascii: "H"), UInt8(ascii: "T"): return .done
    case UInt8(ascii: "c"), UInt8(ascii: "C"): return try resume(.run)
    case UInt8(ascii: "s"), UInt8(ascii: "S"): return try resume(.step)
    case UInt8(ascii: "F"): return try takeFileReply(rest)
    case UInt8(ascii: "D"): return try detach()
    case UInt8(ascii: "k"): return try kill(isAnswered: false)
    case UInt8(ascii: "R"):
      try debugger.reset(runs: false)
      return .none
    case UInt8(ascii: "v"): return try answer(verbose: payload)
    case UInt8(ascii: "q"), UInt8(ascii: "Q"): return try answer(query: payload)
    default: return .unknown
    }
  }

  private func answer(verbose payload: [UInt8]) throws(SessionError) -> Answer {
    let (name, rest) = GDBServer.cut(payload, at: [UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "?")])
    switch name {
    // C and S have to be there for GDB to use any of it.
    case "vCont" where rest.first == UInt8(ascii: "?"): return .text("vCont;c;C;s;S;t;r")
    case "vCont": return try resume(rest)
    case "vKill": return try kill(isAnswered: true)
    case "vRun":
      try debugger.reset(runs: false)
      isAttached = true
      return .text("T05thread:1;")
    case "vAttach":
      try debugger.attach()
      isAttached = true
      return .text("T05thread:1;")
    case "vFlashErase": return flashErase(rest)
    case "vFlashWrite": return flashWrite(rest)
    case "vFlashDone": return try flashDone()
    default: return .unknown
    }
  }

  private func answer(query payload: [UInt8]) throws(SessionError) -> Answer {
    let (name, rest) = GDBServer.cut(payload, at: [UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: ",")])
    switch name {
    case "qSupported": return supported(rest)
    case "QStartNoAckMode": return .done
    case "qXfer": return try transfer(rest)
    case "qAttached": return .text("1")
    case "qC": return .text("QC1")
    case "qfThreadInfo": return .text("m1")
    case "qsThreadInfo": return .text("l")
    case "qOffsets": return .text("Text=0;Data=0;Bss=0")
    case "qSymbol": return .done
    case "qCRC": return try checksum(rest)
    case "qRcmd": return try command(rest)
    default: return .unknown
    }
  }

  /// The name in front of a separator, and what follows with the separator.
  static func cut(_ payload: [UInt8], at separators: [UInt8]) -> (name: String, rest: ArraySlice<UInt8>) {
    let end = payload.firstIndex { separators.contains($0) } ?? payload.endIndex
    return (String(decoding: payload[..<end], as: UTF8.self), payload[end...])
  }

  private func supported(_ rest: ArraySlice<UInt8>) -> Answer {
    let offered = String(decoding: rest.dropFirst(), as: UTF8.self).split(separator: ";")
    readsErrorTexts = offered.contains("error-message+")
    var features = [
      "PacketSize=\(RemotePacket.digits(UInt32(GDBServer.packetLimit)))", "QStartNoAckMode+",
      "vContSupported+", "qXfer:features:read+", "qXfer:memory-map:read+", "qXfer:threads:read+", "binary-upload+",
    ]
    if readsErrorTexts { features.append("error-message+") }
    return .text(features.joined(separator: ";"))
  }

  /// `:OBJECT:read:ANNEX:OFFSET,LENGTH`: a piece of a document.
  private func transfer(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    let parts = rest.dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 4, parts[1].elementsEqual("read".utf8) else { return .unknown }
    let place = parts[3].split(separator: UInt8(ascii: ","))
    guard place.count == 2, let offset = RemotePacket.number(place[0]), let length = RemotePacket.number(place[1])
    else {
      return .failure("a malformed request")
    }
    let document: String
    switch String(decoding: parts[0], as: UTF8.self) {
    case "features":
      guard parts[2].elementsEqual("target.xml".utf8) else { return .failure("there is only target.xml") }
      document = TargetDescription.document(hasFPU: try onCore { () throws(DebugError) in try debugger.hasFPU() })
    case "memory-map": document = MemoryMapDocument.document(debugger.regions)
    case "threads": document = try threads()
    default: return .unknown
    }
    let bytes = Array(document.utf8)
    guard Int(offset) < bytes.count else { return .text("l") }
    // Escapes may double the length.
    let piece = bytes[Int(offset)..<min(bytes.count, Int(offset) + min(Int(length), GDBServer.packetLimit / 2 - 16))]
    let isLast = piece.endIndex == bytes.count
    return .bytes([UInt8(ascii: isLast ? "l" : "m")] + RemotePacket.escaped(piece))
  }

  /// One thread, whose text says what the core is at.
  private func threads() throws(SessionError) -> String {
    var text = "running"
    if debugger.isHalted {
      let exception = try onCore { () throws(DebugError) in try debugger.image().exception }
      text = exception == 0 ? "Thread mode" : "Handler mode, \(GDBServer.name(ofException: exception))"
    }
    return """
      <?xml version="1.0"?>
      <threads><thread id="1" core="0" name="\(debugger.device.name)">\(text)</thread></threads>

      """
  }

  private static func name(ofException number: UInt32) -> String {
    let names: [UInt32: String] = [
      2: "NMI", 3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault", 11: "SVCall", 12: "DebugMonitor",
      14: "PendSV", 15: "SysTick",
    ]
    return names[number] ?? (number >= 16 ? "interrupt \(number - 16)" : "exception \(number)")
  }

  /// Works with the core, and makes an error of this layer of what fails.
  func onCore<Value>(_ body: () throws(DebugError) -> Value) throws(SessionError) -> Value {
    do throws(DebugError) { return try body() } catch { throw .access(error) }
  }

  // MARK: Coming and going

  private func attach() throws(SessionError) -> Answer {
    try debugger.attach()
    isAttached = true
    return .text("T02thread:1;")
  }

  private func detach() throws(SessionError) -> Answer {
    // The chip is left before GDB is told so.
    try debugger.detach()
    isAttached = false
    hasEnded = !isExtended
    return .done
  }

  /// A program that is killed begins anew: the chip stands at its reset vector.
  private func kill(isAnswered: Bool) throws(SessionError) -> Answer {
    try debugger.reset(runs: false)
    if isAnswered { return .done }
    // An answer would be read as that to the next packet.
    if !isExtended {
      hasEnded = true
      try debugger.detach()
    }
    return .none
  }
}

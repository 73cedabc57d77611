import Basics
import Engine

// Calls of the program that GDB carries out, with GDB's files and GDB's terminal.
extension GDBServer {
  /// The longest text without its length.
  private static let longestText: UInt32 = 0x1_0000

  func passOn(_ call: SemihostingCall) throws(SessionError) {
    var request = ""
    let isPassedOn = try onCore { () throws(DebugError) -> Bool in
      // The console's special name is no file of GDB's.
      if call.operation == 1, let handle = try consoleHandle(call) {
        try debugger.answer(call, with: handle)
        return true
      }
      fileCall = try FileCall(
        call, text: { (address) throws(DebugError) in try textLength(address) }, request: &request
      ) {
        (address) throws(DebugError) in try word(at: address)
      }
      return fileCall != nil
    }
    if fileCall != nil { return packet(request) }
    if isPassedOn { return }
    if let reason = try onCore({ () throws(DebugError) in try debugger.answerHere(call) }) { try tellStop(reason) }
  }

  /// `RESULT[,ERRNO[,C]]`: GDB has carried a call out.
  func takeFileReply(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    guard var call = fileCall else { return .unknown }
    let parts = rest.split(separator: UInt8(ascii: ","))
    let isNegative = parts.first?.first == UInt8(ascii: "-")
    guard let result = parts.first, let size = RemotePacket.number(isNegative ? result.dropFirst() : result) else {
      return .failure("a malformed request")
    }
    // GDB itself has been told to stop.
    let isInterrupted = parts.count > 2 && parts[2].elementsEqual([UInt8(ascii: "C")])
    switch call.take(isNegative ? -Int32(truncatingIfNeeded: size) : Int32(truncatingIfNeeded: size)) {
    case .asks(let request):
      fileCall = call
      return .text(request)
    case .returns(let value):
      fileCall = nil
      try onCore { () throws(DebugError) in
        try debugger.answer(call.call, with: value)
        if isInterrupted { try debugger.interrupt() }
      }
      try poll()
      return .none
    }
  }

  /// The handle of ":tt", by how it is opened; nil for another name.
  private func consoleHandle(_ call: SemihostingCall) throws(DebugError) -> UInt32? {
    guard try word(at: call.parameter &+ 8) == 3,
      try debugger.readMemory(at: try word(at: call.parameter), byteCount: 3) == Array(":tt".utf8)
    else { return nil }
    // Read is standard input, write output, append error; one more than their numbers.
    return try word(at: call.parameter &+ 4) / 4 + 1
  }

  private func word(at address: UInt32) throws(DebugError) -> UInt32 {
    try debugger.readMemory(at: address, byteCount: 4).littleEndianWord(at: 0)
  }

  private func textLength(_ address: UInt32) throws(DebugError) -> UInt32 {
    var length: UInt32 = 0
    while length < GDBServer.longestText, try debugger.readMemory(at: address &+ length, byteCount: 1) != [0] {
      length += 1
    }
    return length
  }
}

/// SWO trace with nothing traced, and the board's identifiers (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  func startTrace(_ command: CommandBlock) {
    let (size, baud) = (command.halfword(at: 2), command.word(at: 4))
    replyStatus { () throws(ProbeStatus) in
      guard size > 0, baud > 0, baud <= traits.maximumTraceBaud else { throw .traceUnavailable }
    }
  }

  /// The number of bytes waiting, without a status; nothing is ever traced.
  func getTraceCount() {
    send([0, 0])
  }

  /// 128 bytes: status, the four characters of the mbed id, zeros.
  func getBoardIdentifiers() {
    var reply = [UInt8](repeating: 0, count: 128)
    reply[0] = ProbeStatus.ok.rawValue
    for (offset, character) in (boardIdentifier ?? "").utf8.prefix(4).enumerated() {
      reply[2 + offset] = character
    }
    send(reply)
  }
}

/// SWO trace, and the board's identifiers (docs/simulated-probe.md, "SWO" and "Commands").
extension STLinkFirmware {
  /// `40 <buffer size, halfword> <baud, word>`: receives from now on, what was not fetched is lost.
  func startTrace(_ command: CommandBlock) {
    let (size, baud) = (command.halfword(at: 2), command.word(at: 4))
    replyStatus { () throws(ProbeStatus) in
      guard canTrace, size > 0, baud > 0, baud <= traits.maximumTraceBaud else { throw .traceUnavailable }
      // The probe's own clock divided by a whole number of 16 bits (RM0008, 27.6.3).
      let divisor = min(0xFFFF, max(1, (traits.traceClock + UInt64(baud) / 2) / UInt64(baud)))
      let format = SerialFormat(bitLength: 1_000_000_000_000 * divisor / traits.traceClock)
      connector.settleTrace()
      setTraceReceiver(TraceReceiver(capacity: Int(size), format: format, from: clock.nanoseconds))
    }
  }

  /// What has not been fetched is lost.
  func stopTrace() {
    setTraceReceiver(nil)
    acknowledge()
  }

  /// The number of bytes waiting, without a status; they come from the trace endpoint then.
  func getTraceCount() {
    connector.settleTrace()
    let count = UInt16(clamping: traceReceiver?.offer(at: clock.nanoseconds) ?? 0)
    send([UInt8(count & 0xFF), UInt8(count >> 8)])
  }

  /// Goes on with a transfer from the trace endpoint.
  func giveTrace(byteCount: Int, into transfer: inout [UInt8]) -> SimulatedUSBDevice.InputAnswer {
    let packetSize = profile.product.bulkPacketSize
    return traceReceiver?.give(byteCount: byteCount, packetSize: packetSize, into: &transfer) ?? .notReady
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

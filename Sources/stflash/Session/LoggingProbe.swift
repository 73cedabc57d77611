import Basics
import LinkInterface

/// Tells of every USB transfer of a probe for `-vv`: direction, endpoint and bytes.
final class LoggingProbe: USBDevice {
  private let probe: any USBDevice
  private let reporter: any Reporter

  /// The bytes of one transfer that are shown.
  private static let shownByteCount = 32

  /// Makes a probe that passes everything on to another one.
  init(_ probe: any USBDevice, reporter: any Reporter) {
    self.probe = probe
    self.reporter = reporter
  }

  var identity: USBIdentity { probe.identity }
  var clock: any LinkClock { probe.clock }
  var completionTimes: [Duration] { probe.completionTimes }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    do throws(LinkError) {
      let replies = try probe.perform(transfers, by: deadline)
      for (transfer, reply) in zip(transfers, replies) { log(transfer, reply) }
      return replies
    } catch {
      transfers.forEach { log($0, []) }
      tell("failed: \(error)")
      throw error
    }
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {
    tell("clear stall on endpoint \(Hexadecimal.digits(endpoint.rawValue, width: 2))")
    try probe.clearStall(on: endpoint)
  }

  func reset() throws(LinkError) {
    tell("USB reset")
    try probe.reset()
  }

  func close() {
    probe.close()
  }

  private func log(_ transfer: Transfer, _ reply: [UInt8]) {
    switch transfer {
    case .bulkOut(let endpoint, let bytes): tell(LoggingProbe.line(endpoint, "out", bytes))
    case .bulkIn(let endpoint, _): tell(LoggingProbe.line(endpoint, "in", reply))
    case .controlOut(_, let bytes): tell("control out \(LoggingProbe.shown(bytes))")
    case .controlIn: tell("control in \(LoggingProbe.shown(reply))")
    }
  }

  private func tell(_ text: String) { reporter.report(.transfer(text)) }

  private static func line(_ endpoint: Endpoint, _ direction: String, _ bytes: [UInt8]) -> String {
    "endpoint \(endpoint.number) \(direction) \(shown(bytes))"
  }

  private static func shown(_ bytes: [UInt8]) -> String {
    let rest = bytes.count > shownByteCount ? " ..." : ""
    return "(\(bytes.count)) \(Hexadecimal.text(bytes.prefix(shownByteCount), separator: " "))\(rest)"
  }
}

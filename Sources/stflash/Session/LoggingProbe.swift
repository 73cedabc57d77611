import Logging
import ProbeInterface

/// Logs every USB transfer of a probe for `-vv`: direction, endpoint and bytes.
final class LoggingProbe: Probe {
  private let probe: any Probe
  private let logger: Logger

  /// The bytes of one transfer that are shown.
  private static let shownByteCount = 32

  /// Makes a probe that passes everything on to another one.
  init(_ probe: any Probe, logger: Logger) {
    self.probe = probe
    self.logger = logger
  }

  var identity: ProbeIdentity { probe.identity }
  var clock: any ProbeClock { probe.clock }
  var completionTimes: [Duration] { probe.completionTimes }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(TransportError) -> [[UInt8]] {
    do throws(TransportError) {
      let replies = try probe.perform(transfers, by: deadline)
      for (transfer, reply) in zip(transfers, replies) { log(transfer, reply) }
      return replies
    } catch {
      transfers.forEach { log($0, []) }
      logger.trace("failed: \(error)")
      throw error
    }
  }

  func clearStall(on endpoint: Endpoint) throws(TransportError) {
    logger.trace("clear stall on endpoint \(LoggingProbe.hexadecimal([endpoint.rawValue]))")
    try probe.clearStall(on: endpoint)
  }

  func reset() throws(TransportError) {
    logger.trace("USB reset")
    try probe.reset()
  }

  func close() {
    probe.close()
  }

  private func log(_ transfer: Transfer, _ reply: [UInt8]) {
    switch transfer {
    case .bulkOut(let endpoint, let bytes): logger.trace("\(LoggingProbe.line(endpoint, "out", bytes))")
    case .bulkIn(let endpoint, _): logger.trace("\(LoggingProbe.line(endpoint, "in", reply))")
    case .controlOut(_, let bytes): logger.trace("control out \(LoggingProbe.shown(bytes))")
    case .controlIn: logger.trace("control in \(LoggingProbe.shown(reply))")
    }
  }

  private static func line(_ endpoint: Endpoint, _ direction: String, _ bytes: [UInt8]) -> String {
    "endpoint \(endpoint.number) \(direction) \(shown(bytes))"
  }

  private static func shown(_ bytes: [UInt8]) -> String {
    let rest = bytes.count > shownByteCount ? " ..." : ""
    return "(\(bytes.count)) \(hexadecimal(bytes.prefix(shownByteCount)))\(rest)"
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }
}

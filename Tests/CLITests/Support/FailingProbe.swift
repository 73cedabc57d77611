import ProbeInterface

/// A probe that is unplugged after a number of batches.
final class FailingProbe: Probe {
  private let probe: any Probe
  private var batchesLeft: Int

  init(_ probe: any Probe, unpluggedAfter batches: Int) {
    self.probe = probe
    batchesLeft = batches
  }

  var identity: ProbeIdentity { probe.identity }
  var clock: any ProbeClock { probe.clock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(TransportError) -> [[UInt8]] {
    try checkPlug()
    return try probe.perform(transfers, by: deadline)
  }

  func clearStall(on endpoint: Endpoint) throws(TransportError) {
    try checkPlug()
    try probe.clearStall(on: endpoint)
  }

  func reset() throws(TransportError) {
    try checkPlug()
    try probe.reset()
  }

  func close() {
    probe.close()
  }

  private func checkPlug() throws(TransportError) {
    batchesLeft -= 1
    if batchesLeft < 0 { throw TransportError(.gone) }
  }
}

import LinkInterface

/// A probe that is unplugged after a number of batches.
final class FailingProbe: USBDevice {
  private let probe: any USBDevice
  private var batchesLeft: Int

  init(_ probe: any USBDevice, unpluggedAfter batches: Int) {
    self.probe = probe
    batchesLeft = batches
  }

  var identity: USBIdentity { probe.identity }
  var clock: any LinkClock { probe.clock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    try checkPlug()
    return try probe.perform(transfers, by: deadline)
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {
    try checkPlug()
    try probe.clearStall(on: endpoint)
  }

  func reset() throws(LinkError) {
    try checkPlug()
    try probe.reset()
  }

  func close() {
    probe.close()
  }

  private func checkPlug() throws(LinkError) {
    batchesLeft -= 1
    if batchesLeft < 0 { throw LinkError(.gone) }
  }
}

import Failures
import LinkInterface
import Testing

@testable import Engine

/// A probe that somebody has pulled out.
private final class UnpluggedProbe: USBDevice {
  let identity = USBIdentity(
    vendorID: 0x0483, productID: 0x374B, speed: .full, location: USBLocation(bus: 1, address: 2))
  let fakeClock = FakeClock()
  var isClosed = false
  var clock: any LinkClock { fakeClock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    throw LinkError(.gone)
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) { throw LinkError(.gone) }
  func reset() throws(LinkError) { throw LinkError(.gone) }
  func close() { isClosed = true }
}

@Suite("A session that is not open")
struct ClosedSessionTests {
  @Test func `a probe that is gone fails the opening and is closed`() {
    let probe = UnpluggedProbe()
    let session = TargetSession(probe: probe)
    let error = #expect(throws: SessionError.self) { try session.open() }
    #expect(error?.report.category == .probe)
    #expect(probe.isClosed)
    #expect(session.probeDescription == nil)
  }

  @Test func `every call before opening is refused and closing is harmless`() throws {
    let session = TargetSession(probe: UnpluggedProbe())
    let image = try TestImages.firmware(100, seed: 1)
    let calls: [() throws -> Void] = [
      { _ = try session.plan(writing: image) },
      { _ = try session.plan(erasing: .all) },
      { try session.verify(image) },
      { _ = try session.read(.main) },
      { _ = try session.read(address: 0, byteCount: 4) },
      { try session.reset() },
    ]
    for call in calls { #expect(throws: SessionError.notOpen, performing: call) }
    let statement = session.close()
    #expect(statement.core == nil)
    #expect(statement.problems.isEmpty)
  }
}

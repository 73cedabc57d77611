import LinkInterface
import Testing

@testable import SimProbe

/// Standard requests of the control endpoint.
@Suite struct ControlRequestTests {
  private func ask(
    _ bench: ProbeBench, _ type: UInt8, _ request: UInt8, _ value: UInt16, _ index: UInt16, _ length: UInt16
  )
    throws -> [UInt8]
  {
    let setup = ControlSetup(requestType: type, request: request, value: value, index: index, length: length)
    return try bench.probe.perform([.controlIn(setup)], within: .seconds(1))[0]
  }

  private func tell(_ bench: ProbeBench, _ type: UInt8, _ request: UInt8, _ value: UInt16, _ index: UInt16) throws {
    let setup = ControlSetup(requestType: type, request: request, value: value, index: index, length: 0)
    _ = try bench.probe.perform([.controlOut(setup, [])], within: .seconds(1))
  }

  private func isStalled(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return false
    } catch {
      return (error as? LinkError)?.reason == .stall
    }
  }

  @Test func `descriptors are cut to what is asked for`() throws {
    let bench = try ProbeBench("v2-1")
    #expect(try ask(bench, 0x80, 6, 0x0100, 0, 18).count == 18)
    #expect(try ask(bench, 0x80, 6, 0x0200, 0, 9).count == 9)
    #expect(try ask(bench, 0x80, 6, 0x0200, 0, 255).count == 128)
    #expect(try bench.probe.perform([.controlIn(.stringDescriptor(3))], within: .seconds(1))[0].count == 50)
  }

  @Test func `only a high-speed device has a qualifier`() throws {
    let full = try ProbeBench("v2")
    #expect(isStalled { _ = try ask(full, 0x80, 6, 0x0600, 0, 10) })
    #expect(isStalled { _ = try ask(full, 0x80, 6, 0x0700, 0, 255) })
    let high = try ProbeBench("v3")
    #expect(try ask(high, 0x80, 6, 0x0600, 0, 10).count == 10)
    #expect(try ask(high, 0x80, 6, 0x0700, 0, 255)[1] == 7)
  }

  @Test func `status and configuration are told`() throws {
    let bench = try ProbeBench()
    #expect(try ask(bench, 0x80, 0, 0, 0, 2) == [0, 0])
    #expect(try ask(bench, 0x80, 8, 0, 0, 1) == [1])
    #expect(try ask(bench, 0x81, 10, 0, 0, 1) == [0])
    try tell(bench, 0x00, 9, 1, 0)
    try tell(bench, 0x01, 11, 0, 0)
    #expect(try bench.send("F5", 2)[0] == 0)
  }

  @Test func `an unconfigured device takes no commands`() throws {
    let bench = try ProbeBench("v2-1")
    try tell(bench, 0x00, 9, 0, 0)
    #expect(bench.isSilent("F5"))
    try tell(bench, 0x00, 9, 1, 0)
    #expect(try bench.send("F5", 2)[0] == 1)
  }

  @Test func `a halted endpoint stalls until the halt is cleared`() throws {
    let bench = try ProbeBench()
    try tell(bench, 0x02, 3, 0, 0x81)
    #expect(try ask(bench, 0x82, 0, 0, 0x81, 2) == [1, 0])
    #expect(isStalled { try bench.send("F5", 2) })
    try bench.probe.clearStall(on: bench.input)
    #expect(try ask(bench, 0x82, 0, 0, 0x81, 2) == [0, 0])
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 2)], within: .seconds(1))[0] == [0, 1])
    bench.device.halt(bench.output.rawValue)
    #expect(isStalled { try bench.send("F5", 2) })
  }

  @Test func `what the device does not know is stalled`() throws {
    let bench = try ProbeBench()
    #expect(isStalled { _ = try ask(bench, 0xC0, 6, 0x0100, 0, 18) })
    #expect(isStalled { _ = try ask(bench, 0xA1, 0xFE, 0, 0, 1) })
    #expect(isStalled { _ = try ask(bench, 0x80, 6, 0x0309, 0, 18) })
    #expect(isStalled { _ = try ask(bench, 0x80, 6, 0x2100, 0, 18) })
    #expect(isStalled { _ = try ask(bench, 0x82, 0, 0, 0x8F, 2) })
    #expect(isStalled { try tell(bench, 0x02, 1, 0, 0x8F) })
    #expect(isStalled { try tell(bench, 0x00, 9, 2, 0) })
    #expect(isStalled { try tell(bench, 0x00, 5, 2, 0) })
  }
}

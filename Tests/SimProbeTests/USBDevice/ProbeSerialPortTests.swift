import Foundation
import LinkInterface
import Testing

@testable import SimProbe

/// The COM port of a probe: its class requests, and characters from a host to the chip's firmware and back.
@Suite struct ProbeSerialPortTests {
  private static let output = Endpoint.output(5)
  private static let input = Endpoint.input(5)

  /// A board whose firmware answers each character at its COM port by the capital.
  private func echoing(_ probe: String? = nil, atInterface: UInt16 = 2) throws -> (Simulation, SimulatedUSBPort) {
    var configuration = SimulationConfiguration(target: "nucleo-f446re")
    configuration.probeProfile = probe
    let simulation = try Simulation(configuration)
    let firmware = try Data(contentsOf: FirmwareTests.folder.appending(path: "echo.bin"))
    simulation.board.chip.flash.main.replace(at: 0, with: [UInt8](firmware))
    let port = simulation.makeUSBPort()
    simulation.board.cyclePower()
    simulation.run(for: .milliseconds(20))
    return (simulation, port)
  }

  private func request(
    _ port: SimulatedUSBPort, _ type: UInt8, _ request: UInt8, value: UInt16 = 0, interface: UInt16 = 2,
    length: UInt16 = 0,
    _ data: [UInt8] = []
  ) -> ControlAnswer {
    let setup = ControlSetup(requestType: type, request: request, value: value, index: interface, length: length)
    return port.control(setup, data: data)
  }

  private func coding(_ baud: UInt32, stop: UInt8 = 0, parity: UInt8 = 0, data: UInt8 = 8) -> [UInt8] {
    withUnsafeBytes(of: baud.littleEndian) { Array($0) } + [stop, parity, data]
  }

  /// What comes in as short packets, until nothing more does.
  private func drain(_ port: SimulatedUSBPort) -> String {
    var all: [UInt8] = []
    var packet: [UInt8] = []
    while port.receive(atMost: 512, from: Self.input, into: &packet) == .complete {
      all += packet
      packet = []
    }
    return String(decoding: all, as: UTF8.self)
  }

  @Test(arguments: [nil, "374E", "374F"]) func `what a host sends reaches the firmware, and what that answers the host`(
    probe: String?
  ) throws {
    let (simulation, port) = try echoing(probe)
    #expect(drain(port) == ">")
    #expect(port.send(Array("hello".utf8), to: Self.output) == .complete)
    simulation.run(for: .milliseconds(5))
    #expect(drain(port) == "HELLO")
    var packet: [UInt8] = []
    #expect(port.receive(atMost: 64, from: Self.input, into: &packet) == .notReady)
    // The notification endpoint has nothing to tell.
    #expect(port.receive(atMost: 10, from: .input(4), into: &packet) == .notReady)
    #expect(port.descriptors.isInterrupt(.input(4)))
    #expect(!port.descriptors.isInterrupt(Self.input))
  }

  @Test func `the line coding is that of the wire`() throws {
    let (simulation, port) = try echoing()
    #expect(request(port, 0xA1, 0x21, length: 7) == .complete(coding(115_200)))
    #expect(request(port, 0x21, 0x20, length: 7, coding(9_600, stop: 2, parity: 1, data: 7)) == .complete([]))
    #expect(request(port, 0xA1, 0x21, length: 7) == .complete(coding(9_600, stop: 2, parity: 1, data: 7)))
    #expect(
      LineCoding(coding(9_600, stop: 2, parity: 1, data: 7))?.format
        == SerialFormat(baud: 9_600, dataBitCount: 7, parity: .odd, stopBitCount: 2))
    _ = drain(port)
    _ = port.send(Array("hello".utf8), to: Self.output)
    simulation.run(for: .milliseconds(20))
    #expect(drain(port) != "HELLO")
    #expect(request(port, 0x21, 0x20, length: 7, coding(115_200)) == .complete([]))
    simulation.run(for: .milliseconds(20))
    _ = drain(port)
    _ = port.send(Array("hello".utf8), to: Self.output)
    simulation.run(for: .milliseconds(5))
    #expect(drain(port) == "HELLO")
  }

  @Test func `what cannot be had is stalled, and changes nothing`() throws {
    let (_, port) = try echoing()
    for wrong in [
      coding(0), coding(9_600, stop: 3), coding(9_600, parity: 3), coding(9_600, data: 16), coding(9_600, data: 4),
      [1, 2],
    ] {
      #expect(request(port, 0x21, 0x20, length: 7, wrong) == .stall)
    }
    #expect(request(port, 0xA1, 0x21, length: 7) == .complete(coding(115_200)))
    #expect(request(port, 0x21, 0x22, value: 3) == .complete([]))
    #expect(request(port, 0x21, 0x23, value: 100) == .stall)
    for interface in [UInt16(0), 1, 3, 9] {
      #expect(request(port, 0xA1, 0x21, interface: interface, length: 7) == .stall)
    }
    // The disk: GET_MAX_LUN.
    #expect(request(port, 0xA1, 0xFE, interface: 1, length: 1) == .stall)
  }

  @Test func `a full buffer takes nothing until characters have gone, and what nobody fetches is lost`() throws {
    let (simulation, port) = try echoing()
    let text = [UInt8](repeating: 0x61, count: 600)
    #expect(port.send(text, to: Self.output) == .complete)
    #expect(port.send(text, to: Self.output) == .complete)
    #expect(port.send(text, to: Self.output) == .notReady)
    simulation.run(for: .milliseconds(120))
    #expect(drain(port).count <= 1 + ProbeSerialPort.bufferByteCount)
    for _ in 1...2 { #expect(port.send(text, to: Self.output) == .complete) }
    simulation.run(for: .milliseconds(200))
    #expect(drain(port).utf8.count == ProbeSerialPort.bufferByteCount)
  }

  @Test func `packets come whole and end with a short one`() throws {
    let (simulation, port) = try echoing()
    _ = drain(port)
    _ = port.send([UInt8](repeating: 0x61, count: 100), to: Self.output)
    simulation.run(for: .milliseconds(20))
    var packet: [UInt8] = []
    #expect(port.receive(atMost: 10, from: Self.input, into: &packet) == .overflow)
    #expect(port.receive(atMost: 64, from: Self.input, into: &packet) == .complete)
    #expect(packet.count == 64)
    packet = []
    #expect(port.receive(atMost: 512, from: Self.input, into: &packet) == .complete)
    #expect(packet.count == 36)
  }

  @Test func `a board without the wires takes everything and says nothing`() throws {
    var configuration = SimulationConfiguration(target: "stm32f407g-disc1")
    configuration.probeProfile = "v2-1"
    let simulation = try Simulation(configuration)
    let port = simulation.makeUSBPort()
    #expect(port.send([UInt8](repeating: 0, count: 5_000), to: Self.output) == .complete)
    #expect(drain(port) == "")
    #expect(request(port, 0x21, 0x20, length: 7, coding(9_600)) == .complete([]))
  }

  @Test func `where something else is connected to the COM port, the probe is not`() throws {
    let simulation = try Simulation(SimulationConfiguration(target: "nucleo-f446re"))
    _ = simulation.connectSerialCable(to: try #require(simulation.comPort))
    _ = simulation.makeUSBPort()
    #expect(simulation.board.cables.count == 1)
  }

  @Test func `without its disk a probe has the interfaces of the product without one`() throws {
    for (probe, sibling) in [("374B", "3752"), ("374E", "3754")] {
      var configuration = SimulationConfiguration(target: "nucleo-f446re")
      configuration.probeProfile = probe
      let port = try Simulation(configuration).makeUSBPort(hidesDisk: true)
      configuration.probeProfile = sibling
      let other = try Simulation(configuration).makeUSBPort()
      #expect(port.descriptors.configuration == other.descriptors.configuration)
      let whole = ControlSetup(requestType: 0x80, request: 6, value: 0x0200, index: 0, length: 255)
      #expect(port.control(whole, data: []) == .complete(other.descriptors.configuration))
      #expect(request(port, 0xA1, 0x21, interface: 1, length: 7) == .complete(coding(115_200)))
    }
  }

  @Test func `unplugging forgets the line coding`() throws {
    let (simulation, port) = try echoing()
    _ = request(port, 0x21, 0x20, length: 7, coding(9_600))
    simulation.device.unplug()
    var packet: [UInt8] = []
    #expect(port.receive(atMost: 64, from: Self.input, into: &packet) == .silence)
    #expect(port.send([1], to: Self.output) == .silence)
    simulation.device.plugIn()
    #expect(request(port, 0xA1, 0x21, length: 7) == .complete(coding(115_200)))
  }
}

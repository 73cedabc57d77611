import LinkInterface
import Testing

@testable import SimProbe

/// A simulated probe with a scripted target.
final class ProbeBench: ProbeSession {
  let target: ScriptedTarget

  init(_ name: String = "v2", configure: (inout STLinkProfile) -> Void = { _ in }) throws {
    var profile = try STLinkProfile(name: name)
    configure(&profile)
    target = ScriptedTarget()
    super.init(
      device: SimulatedUSBDevice(
        profile: profile, connector: target, clock: VirtualClock(), boardIdentifier: "0835"))
  }
}

/// A simulated probe with a simulated board.
final class BoardSession: ProbeSession {
  let simulation: Simulation

  init(_ board: String, probe: String? = nil, faults: [String] = []) throws {
    var configuration = SimulationConfiguration(target: board)
    configuration.probeProfile = probe
    configuration.faults = try faults.map { try Fault($0) }
    simulation = try Simulation(configuration)
    super.init(device: simulation.device)
  }
}

/// A simulated probe, and commands written in hexadecimal.
class ProbeSession {
  let device: SimulatedUSBDevice
  let probe: SimulatedProbe

  init(device: SimulatedUSBDevice) {
    self.device = device
    probe = SimulatedProbe(device: device)
  }

  var clock: VirtualClock { device.clock }

  var output: Endpoint { Endpoint(rawValue: device.descriptors.commandOutput) }
  var input: Endpoint { Endpoint(rawValue: device.descriptors.replyInput) }

  /// Sends a command and takes a reply of exactly this many bytes.
  @discardableResult
  func send(_ command: String, _ count: Int) throws -> [UInt8] {
    try probe.perform([.bulkOut(output, block(command)), .bulkIn(input, byteCount: count)], within: .seconds(100))[1]
  }

  /// Sends a command without a reply, and its data.
  func send(_ command: String, data: [UInt8] = []) throws {
    var batch: [Transfer] = [.bulkOut(output, block(command))]
    if !data.isEmpty { batch.append(.bulkOut(output, data)) }
    _ = try probe.perform(batch, within: .seconds(100))
  }

  /// Whether nothing comes back for a command.
  func isSilent(_ command: String) -> Bool {
    do {
      try send(command)
      _ = try probe.perform([.bulkIn(input, byteCount: 64)], within: .milliseconds(100))
      return false
    } catch let error as LinkError {
      return error.reason == .timeout
    } catch {
      return false
    }
  }

  /// Brings the probe from power-up into debug mode.
  @discardableResult
  func enter() throws -> [UInt8] {
    if try send("F5", 2)[0] == 0 { try send("F3 07") }
    return try send("F2 30 A3", 2)
  }

  /// The status and the fault address of the last memory command.
  func accessStatus() throws -> (status: UInt8, address: UInt32) {
    let reply = try send("F2 3E", 12)
    return (reply[0], word(reply, 4))
  }

  func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }

  /// The time that a piece of work takes on the simulation's clock, in microseconds.
  func microseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = clock.nanoseconds
    try body()
    return Double(clock.nanoseconds - start) / 1000
  }

  /// A command block from hexadecimal bytes.
  func block(_ text: String) -> [UInt8] {
    let bytes = hex(text)
    return bytes + Array(repeating: 0, count: 16 - bytes.count)
  }
}

/// Bytes from hexadecimal text.
func hex(_ text: String) -> [UInt8] {
  text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
}

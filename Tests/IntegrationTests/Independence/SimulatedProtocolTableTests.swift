import LinkInterface
import Testing

@testable import SimProbe

/// Statuses, products, clocks and reply lengths of the simulated probe against the third transcription.
@Suite struct SimulatedProtocolTableTests {
  @Test func `the simulator's statuses are the reference's`() throws {
    let rows = try ReferenceTable("statuses").rows
    let simulator: [String: ProbeStatus] = [
      "ok": .ok, "unknownError": .unknownError, "unknownJTAGChain": .unknownChain, "noDeviceConnected": .noDevice,
      "commandError": .commandError, "getIDCodeError": .noIDCode, "alignmentError": .alignment,
      "debugPowerError": .debugPower, "writeVerifyError": .writeVerify, "accessPortWait": .apWait,
      "accessPortFault": .apFault, "accessPortError": .apError, "accessPortParityError": .apParity,
      "debugPortWait": .dpWait, "debugPortFault": .dpFault, "debugPortError": .dpError,
      "debugPortParityError": .dpParity, "accessPortWriteDataError": .apWriteData, "badAccessPort": .badAccessPort,
      "traceNotAvailable": .traceUnavailable, "configurationChanged": .configurationChanged,
      "frequencyNotSupported": .badFrequency, "unknownCommand": .unknownCommand,
    ]
    let codes = Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0.number("code")) })
    for (name, status) in simulator { #expect(codes[name] == UInt32(status.rawValue), "\(name)") }
  }

  @Test func `the simulator's products and endpoints are the reference's, but for the V1`() throws {
    let rows = try ReferenceTable("products").rows.filter { $0["generation"] != "V1" }
    #expect(Set(ProbeProduct.all.map { UInt32($0.productID) }) == Set(rows.compactMap { $0.number("product") }))
    for row in rows {
      let product = try #require(ProbeProduct.all.first { UInt32($0.productID) == row.number("product") })
      let name = String(product.productID, radix: 16)
      let descriptors = STLinkDescriptors(try STLinkProfile(name: name))
      #expect(UInt32(descriptors.commandOutput) == row.number("out"), "\(row)")
      #expect(UInt32(descriptors.replyInput) == row.number("in"), "\(row)")
      #expect(UInt32(descriptors.traceInput) == row.number("trace"), "\(row)")
      #expect((product.family == .loader) == row["generation"].hasSuffix("loader"), "\(row)")
    }
  }

  @Test func `the simulator's clocks are the reference's`() throws {
    for row in try ReferenceTable("clocks").rows {
      let divisor = try #require(row.number("divisor"))
      #expect(ProbeClocks.kilohertz(divisor: UInt16(divisor)) == row.number("khz"), "\(row)")
    }
  }

  @Test func `the simulator's replies are as long as the reference says`() throws {
    for row in try ReferenceTable("opcodes").rows {
      let bytes = row["bytes"].split(separator: " ").compactMap { UInt8($0, radix: 16) }
      let isOfV3 = bytes == [0xFB] || bytes.count == 2 && bytes[1] >> 4 == 6
      let probe = try connected(isOfV3 ? "v3" : "v2")
      let expected =
        switch row["reply"] {
        case "-": 0
        case "n": MemoryArguments.byteCount
        default: Int(row.number("reply") ?? 0)
        }
      #expect(replyLength(to: bytes, from: probe) == expected, "\(row)")
    }
  }

  /// What follows the opcode: eight bytes of RAM for memory commands, SWD for ENTER, 1 where a setting is chosen.
  private enum MemoryArguments {
    static let byteCount = 8

    static func following(_ opcode: [UInt8]) -> [UInt8] {
      guard opcode.count == 2, opcode[0] == 0xF2 else { return [] }
      switch opcode[1] {
      case 0x07, 0x08, 0x0C, 0x0D, 0x47, 0x48: return [0, 0, 0, 0x20, UInt8(byteCount), 0]
      case 0x30: return [0xA3]
      case 0x35, 0x36: return [0, 0, 0, 0x20]
      case 0x43, 0x44, 0x63: return [1]
      default: return []
      }
    }
  }

  private func connected(_ name: String) throws -> SimulatedProbe {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.probeProfile = name
    let probe = SimulatedProbe(device: try Simulation(configuration).device)
    for command: [UInt8] in [[0xF3, 0x07], [0xF2, 0x30, 0xA3], [0xF2, 0x36, 0, 0xED, 0, 0xE0]] {
      _ = replyLength(to: command, from: probe)
    }
    return probe
  }

  /// How many bytes come back for a command when the host asks for as many as there may be.
  private func replyLength(to opcode: [UInt8], from probe: SimulatedProbe) -> Int {
    let command = opcode + MemoryArguments.following(opcode)
    let block = command + [UInt8](repeating: 0, count: 16 - command.count)
    let output = Endpoint.output(probe.identity.productID == 0x3748 ? 2 : 1)
    do throws(LinkError) {
      return try probe.perform([.bulkOut(output, block), .bulkIn(.input(1), byteCount: 8192)], within: .seconds(1))[1]
        .count
    } catch {
      return error.partial.count
    }
  }
}

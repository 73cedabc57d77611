import LinkInterface
import Testing

@testable import Engine
@testable import SimProbe

private typealias Opcode = Engine.STLinkOpcode

/// Commands, statuses, products and clocks of both sides against the third transcription.
@Suite struct ProtocolTableTests {
  @Test func `the engine names every status of the reference as it does`() throws {
    let rows = try ReferenceTable("statuses").rows
    let engine: [String: Engine.STLinkStatus] = [
      "ok": .ok, "fault": .fault, "unknownError": .unknownError, "spiError": .spiError, "dmaError": .dmaError,
      "unknownJTAGChain": .unknownJTAGChain, "noDeviceConnected": .noDeviceConnected,
      "internalError": .internalError, "commandWait": .commandWait, "commandError": .commandError,
      "getIDCodeError": .getIDCodeError, "alignmentError": .alignmentError, "debugPowerError": .debugPowerError,
      "writeError": .writeError, "writeVerifyError": .writeVerifyError,
      "alreadyOpenedInOtherMode": .alreadyOpenedInOtherMode, "accessPortWait": .accessPortWait,
      "accessPortFault": .accessPortFault, "accessPortError": .accessPortError,
      "accessPortParityError": .accessPortParityError, "debugPortWait": .debugPortWait,
      "debugPortFault": .debugPortFault, "debugPortError": .debugPortError,
      "debugPortParityError": .debugPortParityError, "accessPortWriteDataError": .accessPortWriteDataError,
      "accessPortStickyError": .accessPortStickyError, "accessPortStickyOverrun": .accessPortStickyOverrun,
      "badAccessPort": .badAccessPort, "traceNotAvailable": .traceNotAvailable,
      "tooManyAccessPorts": .tooManyAccessPorts, "configurationChanged": .configurationChanged,
      "frequencyNotSupported": .frequencyNotSupported, "unknownCommand": .unknownCommand,
    ]
    #expect(Set(engine.keys) == Set(rows.map { $0["name"] }))
    for row in rows { #expect(engine[row["name"]].map { UInt32($0.rawValue) } == row.number("code"), "\(row)") }
  }

  @Test func `the engine's commands are the reference's`() throws {
    let rows = try ReferenceTable("opcodes").rows
    #expect(Set(Engine.STLinkOpcode.allCases.map(\.rawValue)) == Set(rows.map { $0["name"] }))
    for row in rows {
      let opcode = try #require(Opcode(rawValue: row["name"]))
      let bytes = row["bytes"].split(separator: " ").compactMap { UInt8($0, radix: 16) }
      #expect(opcode.bytes == bytes, "\(row)")
      let reply: Opcode.Reply =
        switch row["reply"] {
        case "-": .none
        case "n": .announced
        default: .bytes(Int(row.number("reply") ?? 0))
        }
      #expect(opcode.reply == reply, "\(row)")
    }
  }

  @Test func `the engine's products and endpoints are the reference's`() throws {
    let rows = try ReferenceTable("products").rows
    #expect(Set(Engine.STLinkProduct.all.map { UInt32($0.productID) }) == Set(rows.compactMap { $0.number("product") }))
    for row in rows {
      let product = try #require(Engine.STLinkProduct.all.first { UInt32($0.productID) == row.number("product") })
      #expect(UInt32(product.endpoints.output.rawValue) == row.number("out"), "\(row)")
      #expect(UInt32(product.endpoints.input.rawValue) == row.number("in"), "\(row)")
      #expect(product.endpoints.trace.map { UInt32($0.rawValue) } == row.number("trace"), "\(row)")
      #expect(product.isLoader == row["generation"].hasSuffix("loader"), "\(row)")
    }
  }
}

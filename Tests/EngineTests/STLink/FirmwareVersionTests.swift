import Failures
import TestSupport
import Testing

@testable import Engine

@Suite struct FirmwareVersionTests {
  @Test(
    arguments: [
      ([0x24, 0x00, 0x83, 0x04, 0x48, 0x37], STLinkGeneration.v2, "V2J16S0"),
      ([0x29, 0x47, 0x83, 0x04, 0x48, 0x37], .v2, "V2J37S7"),
      ([0x27, 0x07, 0x83, 0x04, 0x48, 0x37], .v2, "V2J28S7"),
      ([0x29, 0x5B, 0x83, 0x04, 0x4B, 0x37], .v21, "V2J37M27"),
      ([0x25, 0x87, 0x83, 0x04, 0x4B, 0x37], .v21, "V2M22S7"),
      ([0x25, 0xC7, 0x83, 0x04, 0x4B, 0x37], .v21, "V2J23M7"),
      ([0x26, 0x4C, 0x83, 0x04, 0x52, 0x37], .v21, "V2M25S12"),
      ([0x26, 0x4D, 0x83, 0x04, 0x52, 0x37], .v21, "V2J25M13"),
    ] as [([UInt8], STLinkGeneration, String)])
  func `a version word is read by the product's rule`(reply: [UInt8], generation: STLinkGeneration, text: String) {
    #expect(FirmwareVersion(reply: reply, generation: generation)?.description == text)
  }

  @Test(
    arguments: [
      ([3, 1, 7, 3, 0, 0, 0, 0, 0x83, 0x04, 0x4E, 0x37], "V3J7M3S1"),
      ([3, 1, 9, 3, 5, 0, 0, 0, 0x83, 0x04, 0x4F, 0x37], "V3J9M3B5S1"),
      ([4, 1, 5, 0, 2, 3, 0, 0, 0x83, 0x04, 0x57, 0x37], "V4J5B2S1P3"),
    ] as [([UInt8], String)])
  func `an extended version has a byte for each part`(reply: [UInt8], text: String) {
    #expect(FirmwareVersion(extendedReply: reply)?.description == text)
  }

  @Test func `a reply of something else is no version`() {
    #expect(FirmwareVersion(reply: [0x80, 0, 0, 0, 3, 0], generation: .v2) == nil)
    #expect(FirmwareVersion(reply: [0x29, 0x47, 0x83, 0x04], generation: .v2) == nil)
    #expect(FirmwareVersion(extendedReply: [3, 1, 7, 3, 0, 0]) == nil)
    #expect(FirmwareVersion(extendedReply: [UInt8](repeating: 0, count: 12)) == nil)
  }

  @Test(arguments: [
    (FirmwareFeature.targetVoltage, 13), (.lastStatusWithAddress, 15), (.swdFrequency, 22), (.dapRegisters, 24),
    (.halfwordAccess, 26), (.accessPortControl, 28), (.accessPortSelection, 32), (.boardIdentifiers, 36),
  ])
  func `a V2 has a feature from its level on`(feature: FirmwareFeature, level: Int) {
    #expect(!FirmwareVersion(major: 2, debug: level - 1).supports(feature))
    #expect(FirmwareVersion(major: 2, debug: level).supports(feature))
  }

  @Test func `a V3 lists its clocks and a V2 never does`() {
    #expect(FirmwareVersion(major: 3, debug: 1).supports(.clockList))
    #expect(!FirmwareVersion(major: 3, debug: 15).supports(.swdFrequency))
    #expect(!FirmwareVersion(major: 2, debug: 60).supports(.clockList))
    #expect(!FirmwareVersion(major: 3, debug: 5).supports(.longByteTransfers))
    #expect(FirmwareVersion(major: 3, debug: 6).supports(.longByteTransfers))
    #expect(FirmwareVersion(major: 4, debug: 1).supports(.boardIdentifiers))
    #expect(FirmwareFeature.allCases.allSatisfy { !FirmwareVersion(major: 1, debug: 37).supports($0) })
  }

  @Test func `a quirk belongs to its levels only`() {
    #expect(FirmwareVersion(major: 2, debug: 28).has(.closeReportsBadAccessPort))
    #expect(!FirmwareVersion(major: 2, debug: 29).has(.closeReportsBadAccessPort))
    #expect(!FirmwareVersion(major: 3, debug: 28).has(.closeReportsBadAccessPort))
    #expect(FirmwareVersion(major: 3, debug: 15).has(.exitOutsideDebugHangs))
  }

  @Test func `a V3 whose extended version makes no sense is refused`() throws {
    let probe = ScriptedProbe(product: 0x374E, "> F1\n< 30 00 83 04 4E 37\n> FB\n< 00 00 00 00 00 00 00 00 00 00 00 00")
    let error = #expect(throws: DebugError.self) { try STLink(probe: probe) }
    #expect(error?.report.summary == "the reply to GET_VERSION_EX makes no sense")
  }

  @Test func `a low voltage and a firmware that hangs others are remarked`() throws {
    let probe = ModelProbe(product: 0x374E)
    probe.version = [0x30, 0x00]
    probe.extendedVersion = [3, 1, 15, 6, 0, 0, 0, 0, 0x83, 0x04, 0x4E, 0x37]
    probe.voltageReading = 750
    let description = try STLink(probe: probe, options: STLinkOptions(clock: .atMost(kHz: 500))).describe()
    #expect(description.firmware.description == "V3J15M6S1")
    #expect(description.remarks.count == 3)
    #expect(description.remarks.first?.contains("the slowest that the probe makes") == true)
    #expect(description.remarks.contains { $0.contains("1.20 V") })
  }
}

import LinkInterface
import Testing

@testable import SimProbe

/// The descriptors of the simulated probes (docs/simulated-probe.md, "Products").
@Suite struct DescriptorTests {
  private func descriptors(_ name: String) throws -> STLinkDescriptors {
    STLinkDescriptors(try STLinkProfile(name: name))
  }

  @Test func `a plain V2 has the recorded descriptors`() throws {
    let v2 = try descriptors("v2")
    #expect(v2.device == hex("12 01 00 02 00 00 00 40 83 04 48 37 00 01 01 02 03 01"))
    #expect(
      v2.configuration()
        == hex("09 02 27 00 01 01 00 80 32")
        + hex("09 04 00 00 03 FF FF FF 04")
        + hex("07 05 81 02 40 00 00 07 05 02 02 40 00 00 07 05 83 02 40 00 00"))
    #expect(v2.string(0) == hex("04 03 09 04"))
    #expect(v2.string(2)?.count == 26)
    #expect(v2.deviceQualifier == nil)
  }

  @Test(arguments: [
    ("374B", 128, 4, 200), ("3752", 105, 3, 200), ("374E", 128, 4, 250), ("374F", 151, 5, 250), ("3754", 105, 3, 250),
    ("3748", 39, 1, 50),
  ])
  func `configurations are as long as those of real probes`(name: String, length: Int, interfaces: UInt8, power: UInt8)
    throws
  {
    let bytes = try descriptors(name).configuration()
    #expect(bytes.count == length)
    #expect(Int(bytes[2]) | Int(bytes[3]) << 8 == length)
    #expect(bytes[4] == interfaces)
    #expect(bytes[8] == power)
  }

  @Test(arguments: STLinkProfile.productIDs) func `every product can be opened, with the endpoints of its kind`(
    name: String
  ) throws {
    let bench = try ProbeBench(name)
    let isV2 = name == "3748"
    let identity = bench.probe.identity
    #expect(identity.productID == UInt16(name, radix: 16))
    #expect(identity.manufacturer == "STMicroelectronics")
    #expect(identity.serial?.text.count == 24)
    #expect(identity.speed == (bench.device.profile.product.isHighSpeed ? .high : .full))
    #expect(bench.output == .output(isV2 ? 2 : 1))
    #expect(bench.device.has(isV2 ? 0x83 : 0x82))
    #expect(try bench.send("F1", 6).count == 6)
  }

  @Test func `endpoints of one device never share an address`() throws {
    for name in STLinkProfile.productIDs {
      let bytes = try descriptors(name).configuration()
      var addresses: [UInt8] = []
      var offset = 0
      while offset < bytes.count {
        if bytes[offset + 1] == 5 { addresses.append(bytes[offset + 2]) }
        offset += Int(bytes[offset])
      }
      #expect(offset == bytes.count)
      #expect(Set(addresses).count == addresses.count, "\(name)")
    }
  }

  @Test func `old V2 firmware sends its serial as raw bytes, newer as digits`() throws {
    let old = try descriptors("v2-old")
    #expect(old.string(3)?.count == 26)
    let newer = try descriptors("v2")
    #expect(newer.string(3)?.count == 50)
    #expect(
      USBSerial(descriptor: old.string(3) ?? [])?.text == USBSerial(descriptor: newer.string(3) ?? [])?.text)
  }

  @Test func `names, product ids and versions are taken, nonsense is refused with the choices`() throws {
    for name in STLinkProfile.names + STLinkProfile.productIDs { _ = try STLinkProfile(name: name) }
    #expect(try STLinkProfile(name: "V2-1:v2j33m25").description == "ST-LINK/V2-1 V2J33M25")
    #expect(throws: STLinkProfileError.unknownProbe("v5")) { try STLinkProfile(name: "v5") }
    #expect(throws: STLinkProfileError.badVersion("J3")) { try STLinkProfile(name: "v2:J3") }
    #expect(throws: STLinkProfileError.wrongGeneration(firmware: "V3J7", product: "ST-LINK/V2")) {
      try STLinkProfile(name: "v2:V3J7")
    }
    for error: STLinkProfileError in [
      .unknownProbe("v5"), .badVersion("J3"), .wrongGeneration(firmware: "V3J7", product: "ST-LINK/V2"),
    ] {
      #expect(!error.text.isEmpty)
    }
    #expect(STLinkProfileError.unknownProbe("x").text.contains("v2-1"))
  }
}

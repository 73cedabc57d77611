import LinkInterface
import Testing

@testable import Links

/// How transfers lie in memory for libusb.
@Suite struct BufferLayoutTests {
  @Test func `a bulk transfer is its data alone`() {
    let out = BufferLayout(.bulkOut(.output(2), [1, 2, 3]))
    #expect(out.outgoing == [1, 2, 3])
    #expect(out.byteCount == 3)
    #expect(out.endpoint == .output(2))
    #expect(!out.isControl)
    let input = BufferLayout(.bulkIn(.input(1), byteCount: 64))
    #expect(input.outgoing == [])
    #expect(input.byteCount == 64)
  }

  @Test func `a control transfer begins with its setup packet, little-endian`() {
    let setup = ControlSetup(requestType: 0x40, request: 0x55, value: 0x1234, index: 0x5678, length: 2)
    let out = BufferLayout(.controlOut(setup, [0xAA, 0xBB]))
    #expect(out.outgoing == [0x40, 0x55, 0x34, 0x12, 0x78, 0x56, 0x02, 0x00, 0xAA, 0xBB])
    #expect(out.byteCount == 10)
    let input = BufferLayout(.controlIn(.stringDescriptor(3)))
    #expect(input.outgoing == [0x80, 0x06, 0x03, 0x03, 0x09, 0x04, 0xFF, 0x00])
    #expect(input.byteCount == 263)
    #expect(input.isControl)
  }

  @Test(
    arguments: [
      ([4, 3, 0x41, 0], "A"), ([2, 3], ""), ([6, 3, 0x41, 0], "A"), ([5, 3, 0x41, 0, 0x42], "A"),
    ] as [([UInt8], String)])
  func `the text of a string descriptor ends where its bytes do`(bytes: [UInt8], text: String) {
    #expect(DeviceStrings.text(bytes) == text)
  }

  @Test(arguments: [[], [4], [4, 2, 0x41, 0]] as [[UInt8]])
  func `what is not a string descriptor has no text`(bytes: [UInt8]) {
    #expect(DeviceStrings.text(bytes) == nil)
  }
}

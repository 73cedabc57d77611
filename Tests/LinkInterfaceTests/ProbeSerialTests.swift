import Testing

@testable import LinkInterface

@Suite struct ProbeSerialTests {
  /// A string descriptor around UTF-16 units that fit in a byte each.
  private func descriptor(_ units: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(2 + 2 * units.count), 3]
    for unit in units { bytes += [unit, 0] }
    return bytes
  }

  @Test func `a descriptor with 24 digits is read as text`() {
    let digits = "066CFF343339415043114433"
    let serial = USBSerial(descriptor: descriptor(Array(digits.utf8)))
    #expect(serial?.text == digits)
    #expect(serial?.isRawEncoded == false)
  }

  @Test func `a descriptor with 12 raw bytes becomes 24 digits`() {
    let bytes: [UInt8] = [0x53, 0xFF, 0x6D, 0x06, 0x48, 0x82, 0x57, 0x51, 0x40, 0x27, 0x11, 0x87]
    let serial = USBSerial(descriptor: descriptor(bytes))
    #expect(serial?.text == "53FF6D064882575140271187")
    #expect(serial?.isRawEncoded == true)
  }

  @Test func `12 units are raw bytes even when all of them can be printed`() {
    #expect(USBSerial(descriptor: descriptor(Array("Q?u!rkW@pzXy".utf8)))?.text == "513F7521726B5740707A5879")
  }

  @Test func `12 digits are digits, as the bootloader of an STM32 sends them`() {
    #expect(USBSerial(descriptor: descriptor(Array("3573356A3335".utf8)))?.text == "3573356A3335")
  }

  @Test func `a clone's serial of another length is kept as its text`() {
    #expect(USBSerial(descriptor: descriptor(Array("00000001".utf8)))?.text == "00000001")
  }

  @Test(arguments: [[], [2, 3], [4, 1, 0x41, 0], [26, 3, 0x41, 0]] as [[UInt8]])
  func `what is not a string descriptor is no serial`(bytes: [UInt8]) {
    #expect(USBSerial(descriptor: bytes) == nil)
  }
}

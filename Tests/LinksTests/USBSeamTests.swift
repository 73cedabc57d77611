import TestSupport
import Testing

/// What is opened of a device, and which, is told from above: a chip in DFU mode is a USB device as a probe is.
@Suite struct USBSeamTests {
  @Test(arguments: ["LinkInterface", "Links"])
  func `nothing below the seam names a maker, a product or an endpoint`(module: String) throws {
    let lines = try PackageFiles.lines(below: "Sources/\(module)")
    #expect(lines.count > 200, "the sources have been found")
    for line in lines where line.code.contains(/0x0483|0x37[0-9A-F]{2}\b|0xDF11|\.(?:in|out)put\([1-9]/) {
      Issue.record("\(line): it belongs to the driver, or to the catalogue that the command line makes of it")
    }
  }
}

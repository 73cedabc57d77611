import Foundation
import Testing
import Trace

/// Inputs that fuzzing has found (`scripts/fuzz`), read again: no crash, and the text form reads back.
struct CorpusTests {
  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/corpus")

  @Test func `every kept input is read or refused, and what is read survives the text form`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: CorpusTests.directory.path).sorted()
    #expect(names.count > 50)
    var readCount = 0
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: CorpusTests.directory.appendingPathComponent(name)))
      guard let session = try? Capture.read(bytes).session else { continue }
      readCount += 1
      let again = try Capture.read(Array(session.text.utf8)).session
      #expect(again.text == session.text, "\(name)")
    }
    #expect(readCount > 5)
  }

  @Test(arguments: [0x7FFF_FFFF, 0xFFFF_FFF0, 0x1000_0000] as [UInt32])
  func `a length that the file cannot hold takes no memory`(length: UInt32) {
    let word = withUnsafeBytes(of: length.littleEndian, Array.init)
    let zeros = [UInt8](repeating: 0, count: 12)
    let pcapng: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A] + word + [0x4D, 0x3C, 0x2B, 0x1A] + zeros
    let pcap: [UInt8] =
      [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + zeros + [220, 0, 0, 0] + zeros.prefix(8) + word + word
    for file in [pcapng, pcap] {
      #expect(throws: TraceError.self) { try Capture.read(file) }
    }
  }
}

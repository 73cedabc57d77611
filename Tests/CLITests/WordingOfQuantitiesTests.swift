import Basics
import Foundation
import Testing

@testable import stflash

/// Numbers with a unit have one form, and one place that makes it: `Sources/Basics/Quantities.swift`.
struct WordingOfQuantitiesTests {
  /// A value put into a text in front of a unit: `"\(count) bytes"`, `"\(clock) kHz"`.
  private static var bare: Regex<(Substring, value: Substring)> {
    #/\\\((?<value>(?:[^()"]|\([^()]*\))*)\)(?: ?(?:bytes?|[kKM]i?B|[kM]?Hz|m?V|seconds?|bits)| [mµu]?s)\b/#
  }

  /// Text in which a unit of another form stands: kB for KiB, us for µs.
  private static var foreign: Regex<Substring> { #/[0-9)] ?(?:kB|KB|MB|us|usec|msec|sec|khz|Khz|mhz)\b/# }

  /// The files that make the forms.
  private static let makers = ["Basics/Quantities.swift", "stflash/Rendering/Wording.swift"]

  private static func sources() throws -> [(name: String, text: String)] {
    let root = SimulatedDesk.path("Sources")
    let names = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
    return try names.filter { $0.hasSuffix(".swift") && !makers.contains($0) }.sorted().map { name in
      (name, try String(contentsOfFile: root + "/" + name, encoding: .utf8))
    }
  }

  @Test func `no text puts a unit behind a number itself`() throws {
    for (name, text) in try Self.sources() {
      for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        guard line.contains("\""), let match = line.firstMatch(of: Self.bare) else { continue }
        // Groups of digits in front of a word that is no byte size: "12,345 bytes out".
        if match.output.value.hasSuffix(".grouped") { continue }
        Issue.record("\(name): \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
  }

  @Test func `no text has a unit in another form`() throws {
    for (name, text) in try Self.sources() {
      for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        for literal in line.matches(of: #/"[^"]*"/#) where literal.output.contains(Self.foreign) {
          Issue.record("\(name): \(line.trimmingCharacters(in: .whitespaces))")
        }
      }
    }
  }

  @Test(
    arguments: zip(
      [1, 100, 480, 999, 1000, 1800, 3300, 4000, 24_000, 168_000],
      ["1 kHz", "100 kHz", "480 kHz", "999 kHz", "1 MHz", "1.8 MHz", "3.3 MHz", "4 MHz", "24 MHz", "168 MHz"]))
  func `frequencies are in MHz from one on`(kilohertz: Int, text: String) {
    #expect(kilohertz.frequency == text)
  }

  @Test func `counted bytes are in groups`() {
    #expect(1.inBytes == "1 byte")
    #expect(16_580.inBytes == "16,580 bytes")
    #expect((0xFFFF * 1024).byteSize == "65,535 KiB")
    #expect(Duration.seconds(1).throughput(ofBytes: 1_182_720) == "1,155.0 KiB/s")
  }
}

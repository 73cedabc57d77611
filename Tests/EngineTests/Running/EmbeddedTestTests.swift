import TestSupport
import Testing

@testable import Engine

/// The list of tests that a program holds.
struct EmbeddedTestTests {
  @Test func `an object on one line is taken apart`() {
    let members = FlatJSON.members(of: #"{"a":12, "b": "x\"\\\u0041\n","c":true,"d":false}"#)
    #expect(
      members == ["a": .number(12), "b": .text("x\"\\A\n"), "c": .truth(true), "d": .truth(false)])
    #expect(FlatJSON.members(of: "{}") == [:])
  }

  @Test(arguments: [
    "", "{", "x", "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1}x"#, #"{"a":[1]}"#, #"{"a":"\u12"}"#,
    #"{"a":"\ud800"}"#,
    #"{"a":99999999999999999999}"#, #"{"a":1,}"#,
  ])
  func `what is no such object is none`(text: String) {
    #expect(FlatJSON.members(of: text) == nil)
  }

  @Test func `a damaged list is told of and never followed`() throws {
    let elf = try PackageFiles.bytes("Tests/Fixtures/firmware/embedded-tests.elf")
    let image = try FirmwareImage.read(elf, name: "tests", ImageReadingOptions())
    let tests = try #require(try EmbeddedTest.list(ProgramSymbols(elf: elf), image))
    #expect(tests.map(\.name).contains("tests::passes") && tests.count == 7)
    #expect(tests.first { $0.name == "tests::hangs" }?.timeLimit == .seconds(1))
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      var damaged = elf
      for _ in 0..<8 {
        damaged[Int.random(in: 52..<elf.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      // Whatever comes of it, it comes as a value or an error.
      if let symbols = try? ProgramSymbols(elf: damaged) { _ = try? EmbeddedTest.list(symbols, image) }
    }
    print("seed of damaged lists: \(seed)")
  }
}

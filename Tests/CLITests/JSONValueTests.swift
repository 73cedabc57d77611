import FoundationEssentials
import TestSupport
import Testing

@testable import stflash

struct JSONValueTests {
  @Test func `every kind of value has its text`() {
    let value = JSONValue.object([
      JSONMember("a", .null), JSONMember("b", .boolean(true)), JSONMember("c", .integer(-7)),
      JSONMember("d", .seconds(.milliseconds(1234))), JSONMember("e", .strings(["x", "y"])),
      JSONMember("f", .array([])), JSONMember("g", .object([])), JSONMember("h", .optional(nil as String?)),
      JSONMember("i", .optional(3)),
    ])
    #expect(
      value.text
        == #"{"a":null,"b":true,"c":-7,"d":1.234000,"e":["x","y"],"f":[],"g":{},"h":null,"i":3}"#)
  }

  @Test(
    arguments: zip(
      ["\"", "\\", "\n", "\r\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "\u{2028}", "é😀/"],
      [
        #""\"""#, #""\\""#, #""\n""#, #""\r\n""#, #""\t""#, #""\u0000""#, #""\u001F""#, #""\u007F""#, #""\u2028""#,
        #""é😀/""#,
      ]))
  func `strings are escaped`(text: String, expected: String) {
    #expect(JSONValue.string(text).text == expected)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `another reader gets the same string back`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let scalars = (0..<40).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) }
    let text = String(String.UnicodeScalarView(scalars))
    let json = JSONValue.strings([text]).text
    #expect(!json.contains("\n"), "seed \(seed)")
    let decoded = try JSONDecoder().decode([String].self, from: Data(json.utf8))
    #expect(decoded.map { Array($0.unicodeScalars) } == [scalars], "seed \(seed)")
  }
}

import TestSupport
import Testing

@testable import Engine

/// Bytes of a trace stream and what they mean; most were given to two other decoders beforehand.
@Suite struct ITMDecoderTests {
  struct Vector: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let packets: [ITMPacket]

    init(_ bytes: [UInt8], _ packets: ITMPacket...) { (self.bytes, self.packets) = (bytes, packets) }

    var testDescription: String { bytes.map { String($0, radix: 16) }.joined(separator: " ") }
  }

  static let vectors: [Vector] = [
    Vector([0, 0, 0, 0, 0, 0x80], .synchronisation),
    Vector([1, 0x48, 1, 0x69, 1, 0x0A], text("H"), text("i"), text("\n")),
    Vector([0x09, 0x41], .stimulus(port: 1, value: 0x41, byteCount: 1)),
    Vector([0xF9, 0x7F], .stimulus(port: 31, value: 0x7F, byteCount: 1)),
    Vector([0x02, 0x34, 0x12], .stimulus(port: 0, value: 0x1234, byteCount: 2)),
    Vector([0x03, 0x78, 0x56, 0x34, 0x12], .stimulus(port: 0, value: 0x1234_5678, byteCount: 4)),
    Vector([0xFB, 0xEF, 0xBE, 0xAD, 0xDE], .stimulus(port: 31, value: 0xDEAD_BEEF, byteCount: 4)),
    Vector([0x18, 0x01, 0x41], .stimulus(port: 32, value: 0x41, byteCount: 1)),
    Vector([0x70], .overflow),
    Vector([0x10], .localTimestamp(ticks: 1, .inTime)),
    Vector([0x60], .localTimestamp(ticks: 6, .inTime)),
    Vector([0xC0, 0x01], .localTimestamp(ticks: 1, .inTime)),
    Vector([0xD0, 0x05], .localTimestamp(ticks: 5, .timestampDelayed)),
    Vector([0xC0, 0xC8, 0x01], .localTimestamp(ticks: 200, .inTime)),
    Vector([0xF0, 0xFF, 0xFF, 0xFF, 0x7F], .localTimestamp(ticks: 268_435_455, .bothDelayed)),
    Vector(
      [0x94, 0x81, 0x82, 0x83, 0x04, 0x01, 0x41],
      .globalTimestamp(low: 0x0080_C101, clockHasChanged: false, hasWrapped: false), text("A")),
    Vector([0xB4, 0x81, 0x82, 0x83, 0x04, 0x01, 0x41], .globalTimestampHigh(0x0080_C101), text("A")),
    Vector([0x05, 0x20], .counterWrap(.cycles)),
    Vector([0x05, 0x3F], .counterWrap([.instructions, .exceptions, .sleep, .accesses, .folded, .cycles])),
    Vector([0x0E, 0x0F, 0x10], .exception(number: 15, .entered)),
    Vector([0x0E, 0x0F, 0x20], .exception(number: 15, .exited)),
    Vector([0x0E, 0x00, 0x30], .exception(number: 0, .returnedTo)),
    Vector([0x0E, 0x2E, 0x11], .exception(number: 302, .entered)),
    Vector([0x17, 0x34, 0x01, 0x00, 0x08], .programCounter(0x0800_0134)),
    Vector([0x15, 0x00], .asleep),
    Vector([0x15, 0xFF], .sampleProhibited),
    Vector([0x47, 0x34, 0x01, 0x00, 0x08], .tracedInstruction(comparator: 0, address: 0x0800_0134)),
    Vector([0x77, 0x34, 0x01, 0x00, 0x08], .tracedInstruction(comparator: 3, address: 0x0800_0134)),
    Vector([0x4E, 0x10, 0x20], .tracedAddress(comparator: 0, 0x2010)),
    Vector([0x85, 0xAA], .tracedValue(comparator: 0, value: 0xAA, byteCount: 1, isWrite: false)),
    Vector(
      [0x87, 0x78, 0x56, 0x34, 0x12], .tracedValue(comparator: 0, value: 0x1234_5678, byteCount: 4, isWrite: false)),
    Vector([0x8D, 0xAA], .tracedValue(comparator: 0, value: 0xAA, byteCount: 1, isWrite: true)),
    Vector([0x8E, 0x34, 0x12], .tracedValue(comparator: 0, value: 0x1234, byteCount: 2, isWrite: true)),
    Vector(
      [0xBF, 0x78, 0x56, 0x34, 0x12], .tracedValue(comparator: 3, value: 0x1234_5678, byteCount: 4, isWrite: true)),
    Vector(
      [0x01, 0x41, 0x70, 0x01, 0x42, 0xC0, 0x0A], text("A"), .overflow, text("B"),
      .localTimestamp(ticks: 10, .inTime)),
    Vector(
      [0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x01, 0x41], .stimulus(port: 0, value: 0, byteCount: 4), .synchronisation,
      text("A")),
    // More than 47 zero bits are a synchronisation, too.
    Vector(
      [0x01, 0x41] + Array(repeating: 0, count: 40) + [0x80, 0x09, 0x42], text("A"), .synchronisation,
      .stimulus(port: 1, value: 0x42, byteCount: 1)),
    // What is reserved is passed over, with its payload.
    Vector([0x04, 0x01, 0x41], .unknown([0x04]), text("A")),
    Vector([0x1F, 1, 2, 3, 4, 0x01, 0x41], .unknown([0x1F, 1, 2, 3, 4]), text("A")),
    Vector([0x84, 0x81, 0x02, 0x01, 0x41], .unknown([0x84, 0x81, 0x02]), text("A")),
    Vector([0x00, 0x01, 0x41], .unknown([0x00]), text("A")),
  ]

  private static func text(_ character: Character) -> ITMPacket {
    .stimulus(port: 0, value: UInt32(character.asciiValue ?? 0), byteCount: 1)
  }

  @Test(arguments: vectors) func `bytes are packets`(vector: Vector) {
    var decoder = ITMDecoder()
    #expect(decoder.decode(vector.bytes) == vector.packets)
  }

  @Test(arguments: vectors) func `pieces of a stream make the same packets`(vector: Vector) {
    var decoder = ITMDecoder()
    #expect(vector.bytes.flatMap { decoder.decode([$0]) } == vector.packets)
  }

  @Test func `a synchronisation ends the page of ports and whatever was taken for a packet`() {
    var decoder = ITMDecoder()
    #expect(decoder.decode([0x18, 0x03, 0x55]) == [])
    let packets = decoder.decode([0, 0, 0, 0, 0, 0x80, 0x01, 0x41])
    #expect(packets.suffix(2) == [.synchronisation, Self.text("A")])
  }

  @Test func `frames of the formatter are found and unpacked`() {
    // ITM as source 1: 01 41 01 42 …; the number at place 0, data at 1 to 14, filled with nobody's.
    let frame: [UInt8] = [0x03, 0x01, 0x40, 0x01, 0x42, 0x09, 0x42, 0x01, 0x01, 0, 0, 0, 0, 0, 0, 0b0000_1010]
    var decoder = ITMDecoder()
    let packets = decoder.decode([0xFF, 0xFF, 0xFF, 0x7F] + frame)
    #expect(
      packets == [
        .formatterFound, Self.text("A"), Self.text("B"), .stimulus(port: 1, value: 0x43, byteCount: 1),
      ], "\(packets)")
  }

  /// A synchronisation and a text end every noise, and the text is read.
  @Test func `no noise is for good`() {
    let seed = UInt64.random(in: .min ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      var decoder = ITMDecoder()
      // Zeros and continuations oftener than chance would have them.
      var noise: [UInt8] = []
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        let choices: [UInt8] = [0, 0x80, 0xFF, UInt8.random(in: .min ... .max, using: &generator)]
        noise.append(choices[Int.random(in: 0...3, using: &generator)])
      }
      let isFramed = decoder.decode(noise).contains(.formatterFound)
      // What looked like frames takes a little longer.
      for _ in 0..<(isFramed ? 20 : 0) { _ = decoder.decode([0, 0, 0, 0, 0, 0x80, 0x01, 0x41]) }
      let packets = decoder.decode([0, 0, 0, 0, 0, 0x80, 0x01, 0x41])
      #expect(packets.suffix(2) == [.synchronisation, Self.text("A")], "seed \(seed), noise \(noise)")
    }
  }
}

import Basics
import TestSupport
import Testing

@testable import SimProbe

/// State files: what they keep, and what they refuse.
@Suite struct StateTests {
  private func chip(_ name: String = "stm32f429zi", seed: UInt64 = 1) throws -> Chip {
    Chip(model: try ChipModel(named: name), clock: VirtualClock(), seed: seed)
  }

  /// A chip with something in everything that lasts.
  private func usedChip(_ name: String = "stm32f429zi") throws -> Chip {
    let chip = try chip(name, seed: 77)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let offset = Int.random(in: 0..<chip.flash.main.byteCount / 4, using: &random) * 4
      chip.flash.main.store(UInt32.random(in: .min ... .max, using: &random), .word, at: offset)
    }
    chip.flash.otp.store(0, .byte, at: 512)
    chip.flash.storedOptions.user = 0x55EC
    chip.flash.storedOptions.writeProtect2 = 0x0FFE
    chip.flash.eraseCounts[7] = 10_000
    return chip
  }

  @Test func `everything that survives power-off survives in the file`() throws {
    let used = try usedChip()
    let copy = try chip()
    try copy.loadState(used.saveState())
    #expect(copy.bus.uniqueID == used.bus.uniqueID)
    #expect(copy.flash.storedOptions == used.flash.storedOptions)
    #expect(copy.flash.readProtectionLevel == 1)
    #expect(copy.flash.eraseCounts == used.flash.eraseCounts)
    #expect(copy.flash.otp.contents(0..<528) == used.flash.otp.contents(0..<528))
    #expect(copy.flash.main.contents(0..<0x20_0000) == used.flash.main.contents(0..<0x20_0000))
    #expect(copy.saveState() == used.saveState())
  }

  @Test func `a state replaces what was in the chip`() throws {
    let used = try usedChip()
    try used.loadState(chip().saveState())
    #expect(try used.saveState() == chip().saveState())
  }

  @Test func `a blank chip takes little space`() throws {
    #expect(try chip().saveState().count < 1024)
  }

  @Test func `an operation in progress is saved as finished`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.chip.flash.main.store(0, .word, at: 0)
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202)
    bench.write(0x4002_3C10, 0x1_0202)
    let copy = try chip("stm32f407vg")
    try copy.loadState(bench.chip.saveState())
    #expect(copy.flash.main.word(at: 0) == 0xFFFF_FFFF)
  }

  @Test(arguments: [[], Array("stflash".utf8), Array(repeating: 0, count: 100)])
  func `bytes that are no state are refused`(bytes: [UInt8]) throws {
    let chip = try chip()
    #expect(throws: StateError.notAState) { try chip.loadState(bytes) }
  }

  @Test func `a newer version is refused with both numbers`() throws {
    var bytes = try chip().saveState()
    bytes[12] = 9
    #expect(throws: StateError.newerVersion(found: 9, supported: 1)) { try chip().loadState(bytes) }
  }

  @Test func `another chip's state is refused with both names`() throws {
    let bytes = try chip("stm32f407vg").saveState()
    #expect(throws: StateError.otherChip(found: "stm32f407vg", expected: "stm32f429zi")) {
      try chip().loadState(bytes)
    }
  }

  @Test func `any flipped bit is found and changes nothing`() throws {
    let original = try usedChip("stm32f410rb").saveState()
    let untouched = try chip("stm32f410rb").saveState()
    var random = SeededGenerator(seed: 11)
    for _ in 0..<60 {
      var bytes = original
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let chip = try chip("stm32f410rb")
      #expect(throws: StateError.self, "seed \(random.seed)") { try chip.loadState(bytes) }
      #expect(chip.saveState() == untouched)
    }
  }

  @Test func `any truncation is found`() throws {
    let original = try usedChip("stm32f410rb").saveState()
    var random = SeededGenerator(seed: 12)
    for _ in 0..<30 {
      let bytes = Array(original.prefix(Int.random(in: 0..<original.count, using: &random)))
      #expect(throws: StateError.self, "seed \(random.seed)") { try chip("stm32f410rb").loadState(bytes) }
    }
  }

  // MARK: Well-formed files with wrong contents

  /// A state file of a chip with one section replaced, or left out.
  private func file(replacing tag: StateFormat.Section, with payload: [UInt8]?) throws -> [UInt8] {
    let reader = try StateReader(chip().saveState())
    var writer = StateWriter()
    for section in StateFormat.Section.allCases {
      let content = section == tag ? payload : try reader.payload(section)
      if let content { writer.section(section, content) }
    }
    return writer.finish()
  }

  @Test(arguments: StateFormat.Section.allCases)
  func `a missing section is named`(section: StateFormat.Section) throws {
    let bytes = try file(replacing: section, with: nil)
    #expect(throws: StateError.corrupt("section \"\(section.rawValue)\" is missing", offset: bytes.count)) {
      try chip().loadState(bytes)
    }
  }

  @Test(arguments: [StateFormat.Section.uniqueID, .options, .wear])
  func `a section of a wrong size is named`(section: StateFormat.Section) throws {
    let bytes = try file(replacing: section, with: [1, 2, 3])
    #expect {
      try chip().loadState(bytes)
    } throws: { error in
      if case StateError.corrupt("section \"\(section.rawValue)\" has a wrong size", _) = error { true } else { false }
    }
  }

  @Test(
    arguments: [
      ([1, 0, 0], "ends early"),
      ([0, 0, 0, 0, 8, 0, 0, 0, 1], "lies outside it"),
      ([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], "lies outside it"),
      ([0xFE, 0xFF, 0x1F, 0, 4, 0, 0, 0, 1, 2, 3, 4], "lies outside it"),
    ] as [([UInt8], String)])
  func `a run that does not fit is refused`(payload: [UInt8], reason: String) throws {
    let bytes = try file(replacing: .flash, with: payload)
    #expect {
      try chip().loadState(bytes)
    } throws: { error in
      if case StateError.corrupt(let text, _) = error { text.contains(reason) } else { false }
    }
  }

  @Test func `sections that are not known are skipped`() throws {
    let original = try usedChip().saveState()
    var bytes = Array(original.dropLast(4)) + Array("NEW!".utf8) + [2, 0, 0, 0, 7, 7]
    bytes += CRC32.checksum(of: bytes).littleEndianBytes
    let loaded = try chip()
    try loaded.loadState(bytes)
    #expect(loaded.saveState() == original)
  }

  @Test func `the checksum is the one of IEEE 802_3`() {
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
  }
}

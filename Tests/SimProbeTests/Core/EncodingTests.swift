import Testing

@testable import SimProbe

@Suite struct `Instruction encodings` {
  static let all = Encoding.narrow + Encoding.wide + Encoding.dsp + Encoding.float

  @Test func `every pattern is 16 or 32 bits long and wide ones begin like wide instructions`() {
    for encoding in Self.all {
      #expect([16, 32].contains(encoding.pattern.filter { $0 != " " }.count), "\(encoding.name)")
      if encoding.isWide { #expect(encoding.value >> 29 == 7 && encoding.mask >> 29 == 7, "\(encoding.name)") }
    }
    #expect(Encoding.narrow.filter(\.isWide).isEmpty)
    #expect(
      (Encoding.wide + Encoding.dsp + Encoding.float).filter(\.isWide).count == Encoding.wide.count + Encoding.dsp.count
        + Encoding.float.count)
  }

  @Test func `names are unique`() {
    #expect(Set(Self.all.map(\.name)).count == Self.all.count)
  }

  @Test func `two patterns overlap only where one lies wholly inside the other`() {
    for table in [Encoding.narrow, Encoding.wide + Encoding.dsp + Encoding.float] {
      for (index, first) in table.enumerated() {
        for second in table[(index + 1)...] where overlap(first, second) {
          let common = first.mask & second.mask
          #expect(common == first.mask || common == second.mask, "\(first.name) and \(second.name)")
          #expect(first.mask != second.mask, "\(first.name) and \(second.name)")
        }
      }
    }
  }

  private func overlap(_ first: Encoding, _ second: Encoding) -> Bool {
    guard (first.value ^ second.value) & first.mask & second.mask == 0 else { return false }
    // A base register that must not be 15 cannot meet one that is.
    func excludes(_ one: Encoding, _ other: Encoding) -> Bool {
      one.baseMask != 0 && other.mask & one.baseMask == one.baseMask && other.value & one.baseMask == one.baseMask
    }
    return !excludes(first, second) && !excludes(second, first)
  }

  @Test func `modified immediates expand as the manual's table says`() {
    let rows: [(code: UInt32, value: UInt32)] = [
      (0x0AB, 0x0000_00AB), (0x1AB, 0x00AB_00AB), (0x2AB, 0xAB00_AB00), (0x3AB, 0xABAB_ABAB),
      (0x42B, 0xAB00_0000), (0x4AB, 0x5580_0000), (0xF80, 0x0000_0100), (0xFFF, 0x0000_01FE),
    ]
    for row in rows { #expect(ModifiedImmediate.expand(row.code) == row.value, "\(String(row.code, radix: 16))") }
  }

  @Test func `floating-point constants expand as the manual's table says`() {
    let rows: [(code: UInt32, value: Float)] = [(0x70, 1), (0xF0, -1), (0x00, 2), (0x08, 3), (0x60, 0.5), (0x3F, 31)]
    for row in rows { #expect(Float(bitPattern: ModifiedImmediate.expandFloat(row.code)) == row.value) }
  }

  static let loaderInstructions: [(word: UInt32, kind: OperationKind)] = [
    (0xF8DF_1004, .loadWordLiteral), (0xF8BA_0000, .loadHalfwordImmediate),
    (0xF837_6B02, .loadHalfwordIndexed), (0xF822_6B02, .storeHalfwordIndexed), (0xF416_3F80, .testImmediate),
    (0xF016_0FF0, .testImmediate), (0xF100_0708, .addImmediate), (0xF3BF_8F4F, .barrier),
    (0xF7FF_FFFE, .branchWithLink), (0xE8BD_8010, .loadMultiple), (0xE92D_4010, .storeMultipleBefore),
    (0xFB90_F0F1, .signedDivide), (0xED2D_8B02, .floatStoreMultiple), (0xEEF1_FA10, .floatStatusRead),
  ]

  @Test(arguments: loaderInstructions)
  func `instructions of known flash loaders decode`(row: (word: UInt32, kind: OperationKind)) {
    #expect(Decoder(.cortexM4r0p1()).decode(row.word, isWide: true).kind == row.kind)
  }

  @Test func `the Cortex-M3 has no DSP and no floating-point encodings`() {
    let decoder = Decoder(.cortexM3r2p0())
    #expect(decoder.decode(0xFA81_F000, isWide: true).kind == .undefined)
    #expect(decoder.decode(0xEE30_0A00, isWide: true).kind == .coprocessor)
  }
}

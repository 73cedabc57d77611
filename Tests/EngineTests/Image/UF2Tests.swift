import Testing

@testable import Engine

@Suite struct UF2Tests {
  private let f4: UInt32 = 0x5775_5A57
  private let f2: UInt32 = 0x5D1A_0A2E
  private let rp2040: UInt32 = 0xE48B_FF56

  private func read(_ bytes: [UInt8]) throws -> FirmwareImage {
    try FirmwareImage.read(bytes, name: "a.uf2", format: .uf2)
  }

  private func expect(_ reason: ImageError.Reason, at offset: Int?, _ bytes: [UInt8]) {
    let location = offset.map { ImageLocation.offset($0) }
    #expect(throws: ImageError(reason, in: "a.uf2", format: .uf2, at: location)) { try read(bytes) }
  }

  private func pair(_ first: UF2Builder.Block, _ second: UF2Builder.Block) -> [UInt8] {
    UF2Builder(blocks: [first, second]).file()
  }

  @Test func `blocks go to their addresses in any order`() throws {
    let image = try read(
      pair(
        .init(address: 0x0800_0100, payload: [3, 4], family: f4, number: 1),
        .init(address: 0x0800_0000, payload: [1, 2], family: f4, number: 0)))
    #expect(image.segments.map(\.address) == [0x0800_0000, 0x0800_0100])
    #expect(image.family == .stm32F4)
    #expect(image.entryPoint == nil)
  }

  @Test func `a file may name no family`() throws {
    #expect(try read(UF2Builder(blocks: [.init(address: 0, payload: [1])]).file()).family == nil)
  }

  @Test func `a file for other chips is refused by their names`() {
    expect(
      .foreignFamilies([UF2Family(rawValue: rp2040), UF2Family(rawValue: 0x53B8_0F00)]), at: nil,
      pair(
        .init(address: 0, payload: [1], family: rp2040), .init(address: 1, payload: [1], family: 0x53B8_0F00)))
    #expect(UF2Family(rawValue: rp2040).name == "RP2040")
    #expect(UF2Family(rawValue: 0x53B8_0F00).name == "STM32F7")
    #expect(UF2Family(rawValue: 0x1234_ABCD).name == "0x1234_ABCD")
  }

  @Test func `of a file for several chips only the part for ours is taken`() throws {
    let image = try read(
      pair(
        .init(address: 0x1000_0000, payload: [1], family: rp2040, number: 0, total: 1),
        .init(address: 0x0800_0000, payload: [2], family: f2, number: 0, total: 1)))
    #expect(image.segments.map(\.bytes) == [[2]])
    #expect(image.family == .stm32F2)
    #expect(image.leftOut == ["1 blocks for RP2040"])
  }

  @Test func `a file for both F2 and F4 is refused`() {
    expect(
      .severalFamilies([.stm32F4, .stm32F2]), at: nil,
      pair(
        .init(address: 0, payload: [1], family: f4, number: 0, total: 1),
        .init(address: 0, payload: [2], family: f2, number: 0, total: 1)))
  }

  @Test(arguments: [0x0001, 0x1000] as [UInt32])
  func `blocks that are not for flash are left out`(flag: UInt32) throws {
    let image = try read(
      pair(.init(address: 0, payload: [1], flags: flag), .init(address: 0x100, payload: [2])))
    #expect(image.segments.map(\.bytes) == [[2]])
    #expect(image.leftOut == ["1 blocks with files or comments"])
    expect(.noData, at: nil, UF2Builder(blocks: [.init(address: 0, payload: [1], flags: flag)]).file())
  }

  @Test func `the same block twice is accepted, another under its number is not`() throws {
    let same = pair(
      .init(address: 0, payload: [1], number: 0, total: 1), .init(address: 0, payload: [1], number: 0, total: 1))
    #expect(try read(same).totalByteCount == 1)
    expect(
      .blockTwice(number: 0, otherLocation: .offset(0)), at: 512,
      pair(
        .init(address: 0, payload: [1], number: 0, total: 1), .init(address: 4, payload: [1], number: 0, total: 1)))
  }

  @Test func `missing blocks are counted and the first is named`() {
    expect(
      .blocksMissing(count: 2, first: 1, total: 4), at: nil,
      pair(.init(address: 0, payload: [1], number: 0, total: 4), .init(address: 1, payload: [1], number: 2, total: 4)))
  }

  @Test func `a block number beyond the total is refused`() {
    let reason = ImageError.Reason.field(name: "the block's number", expected: "below 1", found: "1")
    expect(reason, at: 20, UF2Builder(blocks: [.init(address: 0, payload: [1], number: 1, total: 1)]).file())
  }

  @Test func `blocks that disagree on their number are refused`() {
    let reason = ImageError.Reason.field(name: "the number of blocks", expected: "2 as before", found: "3")
    expect(reason, at: 536, pair(.init(address: 0, payload: [1]), .init(address: 1, payload: [1], total: 3)))
  }

  @Test func `blocks that overlap with other bytes are refused with both places`() {
    expect(
      .overlap(address: 1, first: 2, second: 9, otherLocation: .offset(0)), at: 512,
      pair(.init(address: 0, payload: [1, 2]), .init(address: 1, payload: [9])))
  }

  @Test func `a payload that does not fit its block is refused`() {
    var bytes = UF2Builder(blocks: [.init(address: 0, payload: [1])]).file()
    bytes.setWord(477, at: 16)
    expect(.field(name: "the block's payload size", expected: "at most 476", found: "477"), at: 16, bytes)
    bytes.setWord(453, at: 16)
    bytes.setWord(0x4000, at: 8)
    expect(.field(name: "the block's payload size", expected: "at most 452", found: "453"), at: 16, bytes)
  }

  @Test(arguments: [
    (4, "second", "0x9E5D_5157", "0x9E5D_5156"), (508, "last", "0x0AB1_6F30", "0x0AB1_6F31"),
  ])
  func `a wrong magic number is refused`(offset: Int, which: String, expected: String, found: String) {
    var bytes = UF2Builder(blocks: [.init(address: 0, payload: [1])]).file()
    bytes[offset] ^= 1
    let name = "the block's \(which) magic number"
    expect(.field(name: name, expected: expected, found: found), at: offset, bytes)
  }

  @Test func `a file that is cut off within a block is refused`() {
    let bytes = pair(.init(address: 0, payload: [1]), .init(address: 1, payload: [1]))
    expect(
      .truncated(part: "a block", expectedBytes: 512, foundBytes: 100), at: 512, Array(bytes.prefix(612)))
  }
}

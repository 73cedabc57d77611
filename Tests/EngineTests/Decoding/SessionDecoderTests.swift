import Basics
import LinkInterface
import Testing

@testable import Engine

struct SessionDecoderTests {
  private static let output = Endpoint.output(1)
  private static let input = Endpoint.input(1)

  private func bytes(_ text: String) -> [UInt8] {
    text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }

  private func block(_ text: String) -> [UInt8] {
    let used = bytes(text)
    return used + [UInt8](repeating: 0, count: 16 - used.count)
  }

  private func command(_ text: String) -> ObservedTransfer {
    ObservedTransfer(.bulkOut(Self.output, block(text)))
  }

  private func reply(_ text: String, asking byteCount: Int? = nil) -> ObservedTransfer {
    let received = bytes(text)
    return ObservedTransfer(.bulkIn(Self.input, byteCount: byteCount ?? received.count), received: received)
  }

  private func text(_ transfers: ObservedTransfer...) -> [String] {
    SessionDecoder.decode(transfers).map(\.text)
  }

  @Test(arguments: [
    ("F1 80", "24 00 83 04 48 37", "GET_VERSION -> V2J16S0 0483:3748"),
    ("F5", "02 00", "GET_CURRENT_MODE -> debug mode"),
    ("F7", "9B 06 00 00 F7 07 00 00", "GET_TARGET_VOLTAGE -> 2.89 V"),
    ("F2 30 A3", "80 00", "ENTER SWD OK"),
    ("F2 30 A3", "09 00", "ENTER SWD get IDCODE error (0x09)"),
    ("F2 43 01 00", "80 00", "SWD_SET_FREQ divisor 1 OK"),
    (
      "F2 36 F0 ED 00 E0", "80 00 78 00 03 00 03 00",
      "READDEBUGREG DHCSR -> 0x00030003 [C_DEBUGEN C_HALT S_REGRDY S_HALT] OK"
    ),
    ("F2 35 10 3C 02 40 12 02 01 00", "80 00", "WRITEDEBUGREG FLASH_CR <- 0x00010212 [SER SNB=2 PSIZE=x32 STRT] OK"),
    ("F2 35 F0 ED 00 E0 03 00 5F A0", "80 00", "WRITEDEBUGREG DHCSR <- 0xA05F0003 [C_DEBUGEN C_HALT] OK"),
    ("F2 35 04 3C 02 40 23 01 67 45", "80 00", "WRITEDEBUGREG FLASH_KEYR <- 0x45670123 [KEY1] OK"),
    ("F2 33 0F", "80 00 00 00 10 01 00 08", "READREG PC -> 0x08000110 OK"),
    ("F2 45 FF FF 04 00", "80 00 00 00 40 00 00 F0", "READ_DAP_REG DP CTRL/STAT -> 0xF0000040 OK"),
    ("F2 46 FF FF 00 00 1E 00 00 00", "80 00", "WRITE_DAP_REG DP ABORT <- 0x0000001E OK"),
    ("F2 05 0F", "10 01 00 08", "READREG_V1 PC -> 0x08000110"),
    ("F2 36 00 00 00 20", "11 00", "READDEBUGREG 0x20000000 AP FAULT (0x11)"),
  ])
  func `a command shows its name, its arguments and what came back`(sent: String, received: String, line: String) {
    #expect(text(command(sent), reply(received)) == [line])
  }

  @Test func `a memory command, its data and the question for its status are one operation`() {
    let shown = text(
      command("F2 07 00 00 00 20 08 00"), reply("01 02 03 04 05 06 07 08"), command("F2 3E"),
      reply("80 00 00 00 00 00 00 00 00 00 00 00"), command("F2 08 00 00 00 20 04 00"),
      ObservedTransfer(.bulkOut(Self.output, [1, 2, 3, 4])), command("F2 3E"),
      reply("11 00 00 00 00 00 00 20 00 00 00 00"))
    #expect(
      shown == [
        "READMEM32 0x20000000 8 bytes -> 01 02 03 04 05 06 07 08 OK",
        "WRITEMEM32 0x20000000 4 bytes <- 01 02 03 04 AP FAULT (0x11)",
      ])
  }

  @Test func `memory that is known registers shows by their names`() {
    let shown = text(command("F2 07 0C 3C 02 40 08 00"), reply("00 00 01 00 00 00 00 80"))
    #expect(
      shown == ["READMEM32 FLASH_SR 8 bytes -> FLASH_SR 0x00010000 [BSY], FLASH_CR 0x80000000 [LOCK]"])
  }

  @Test func `a reply that a host driver has split is one reply`() {
    let first = ObservedTransfer(.bulkIn(Self.input, byteCount: 64), received: [UInt8](repeating: 1, count: 64))
    let second = ObservedTransfer(.bulkIn(Self.input, byteCount: 4), received: [2, 2, 2, 2])
    let operations = SessionDecoder.decode([command("F2 07 00 00 00 08 44 00"), first, second])
    #expect(operations.map(\.name) == ["READMEM32"])
    #expect(operations.first?.incoming?.bytes?.count == 68)
  }

  @Test func `long data show by number, first bytes and checksum, and whole on demand`() {
    let data = Array("123456789".utf8) + [UInt8](repeating: 0, count: 11)
    let operations = SessionDecoder.decode([
      command("F2 07 F0 FF 01 20 14 00"), ObservedTransfer(.bulkIn(Self.input, byteCount: 20), received: data),
    ])
    #expect(operations.first?.text.hasSuffix("31 32 33 34 35 36 37 38 ... (20 bytes, CRC-32 7D9E947D)") ?? false)
    #expect(operations.first?.dataLines.map { String($0.prefix(8)) } == ["2001FFF0", "20020000"])
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test func `a session that begins in the middle says what it cannot know`() {
    let shown = text(reply("80 00"), command("F2 3E"), command("F2 30 A3"), reply("80 00"))
    #expect(
      shown == [
        "REPLY_WITHOUT_COMMAND -> 80 00", "GETLASTRWSTATUS2 ! no reply recorded", "ENTER SWD OK",
      ])
  }

  @Test func `a command that nobody documents is shown as such`() {
    let operations = SessionDecoder.decode([command("F2 7F 01"), reply("42 00")])
    #expect(operations.map(\.isKnown) == [false])
    #expect(operations.first?.text.hasPrefix("UNKNOWN <- F2 7F 01") ?? false)
  }

  @Test func `a transfer that failed says how`() {
    let failed = ObservedTransfer(.bulkIn(Self.input, byteCount: 2), failure: "ETIMEDOUT")
    #expect(text(command("F2 30 A3"), failed) == ["ENTER SWD ! ETIMEDOUT"])
  }

  @Test func `control requests and SWO data stand beside the commands`() {
    let descriptor = ControlSetup(requestType: 0x80, request: 6, value: 0x0303, index: 0x0409, length: 255)
    let shown = text(
      ObservedTransfer(.controlIn(descriptor), received: [4, 3, 0x30, 0]),
      ObservedTransfer(.bulkIn(.input(2), byteCount: 4), received: [1, 0x41]))
    #expect(shown == ["GET_DESCRIPTOR string 3 -> 04 03 30 00", "SWO_DATA -> 01 41"])
  }

  @Test func `every command that the engine knows decodes by its name`() {
    for opcode in STLinkOpcode.allCases {
      let operation = SessionDecoder.decode([ObservedTransfer(.bulkOut(Self.output, opcode.bytes))]).first
      #expect(operation?.name == opcode.name)
    }
  }

  @Test func `any bytes decode to as many transfers as there are`() {
    var seed: UInt64 = 0x5EED
    func random(_ limit: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % limit
    }
    for _ in 0..<300 {
      let transfers = (0..<random(40)).map { _ in
        var bytes = (0..<random(20)).map { _ in UInt8(random(256)) }
        if random(3) > 0, !bytes.isEmpty { bytes[0] = 0xF2 }
        return random(2) == 0
          ? ObservedTransfer(.bulkOut(Self.output, bytes))
          : ObservedTransfer(.bulkIn(Self.input, byteCount: random(64)), received: bytes)
      }
      let operations = SessionDecoder.decode(transfers)
      #expect(operations.flatMap(\.transfers) == Array(transfers.indices))
      #expect(operations.allSatisfy { !$0.text.isEmpty })
    }
  }

  // MARK: Lists, figures, comparison

  private func polls(_ values: [String]) -> [DecodedOperation] {
    SessionDecoder.decode(values.flatMap { [command("F2 36 0C 3C 02 40"), reply("80 00 00 00 \($0)")] })
  }

  @Test func `polls that bring nothing new are folded`() {
    let operations = polls(Array(repeating: "00 00 01 00", count: 50) + ["00 00 00 00"])
    let listed = ListedOperation.list(operations)
    #expect(listed.count == 3)
    #expect(listed[1] == .repeated(period: 1, count: 49, end: nil))
    #expect(listed[2] == .single(operations[50]))
  }

  @Test func `a loop of two commands is folded as a loop`() {
    let operations = polls((0..<20).map { $0.isMultiple(of: 2) ? "00 00 01 00" : "00 00 00 00" })
    #expect(
      ListedOperation.list(operations) == [
        .single(operations[0]), .single(operations[1]), .repeated(period: 2, count: 9, end: nil),
      ])
  }

  @Test func `figures add up operations, bytes and times`() {
    func timed(_ transfer: ObservedTransfer, _ begin: Int, _ end: Int) -> ObservedTransfer {
      var transfer = transfer
      transfer.submitted = .milliseconds(begin)
      transfer.completed = .milliseconds(end)
      return transfer
    }
    let statistics = SessionStatistics(
      SessionDecoder.decode([
        timed(command("F5"), 0, 1), timed(reply("01 00"), 0, 3), timed(command("F5"), 10, 11),
        timed(reply("01 00"), 10, 12),
      ]))
    #expect(statistics.transferCount == 4)
    #expect(statistics.operationCount == 2)
    #expect(statistics.sentByteCount == 32)
    #expect(statistics.receivedByteCount == 4)
    #expect(statistics.duration == .milliseconds(12))
    #expect(statistics.busy == .milliseconds(5))
    #expect(statistics.gaps == [.init(operation: 1, duration: .milliseconds(7))])
    #expect(statistics.commands.map(\.longest) == [.milliseconds(3)])
  }

  @Test func `what the target did is found between its start and the answer that it is over`() {
    func timed(_ sent: String, _ received: String, at milliseconds: Int) -> [ObservedTransfer] {
      var pair = [command(sent), reply(received)]
      pair[0].submitted = .milliseconds(milliseconds)
      pair[0].completed = .milliseconds(milliseconds)
      pair[1].submitted = .milliseconds(milliseconds)
      pair[1].completed = .milliseconds(milliseconds + 1)
      return pair
    }
    let operations = SessionDecoder.decode(
      timed("F2 35 10 3C 02 40 12 02 01 00", "80 00", at: 0)
        + timed("F2 36 0C 3C 02 40", "80 00 00 00 00 00 01 00", at: 10)
        + timed("F2 36 0C 3C 02 40", "80 00 00 00 00 00 00 00", at: 20)
        + timed("F2 35 F0 ED 00 E0 01 00 5F A0", "80 00", at: 30)
        + timed("F2 36 F0 ED 00 E0", "80 00 00 00 03 00 03 00", at: 40))
    #expect(
      TargetActivity.find(in: operations) == [
        TargetActivity(kind: .flash, start: .milliseconds(1), end: .milliseconds(21)),
        TargetActivity(kind: .core, start: .milliseconds(31), end: .milliseconds(41)),
      ])
  }

  @Test func `a comparison names the first difference and sums up the rest`() {
    let one = polls(["00 00 00 00", "00 00 01 00", "00 00 00 00"])
    let other = polls(["00 00 00 00", "10 00 00 00", "00 00 00 00", "00 00 00 00"])
    let comparison = SessionComparison(one, other)
    #expect(comparison.parting?.index == 1)
    #expect(comparison.rest == (2, 3))
    #expect(comparison.commonCount == 1)
    #expect(comparison.excess.map(\.count).sorted() == [-1, 1, 1])
    #expect(SessionComparison(one, one).parting == nil)
  }

  @Test func `a session under way gives the same operations as a whole one`() {
    let transfers = [
      command("F1 80"), reply("24 00 83 04 48 37"), command("F5"), reply("02 00"), command("F2 30 A3"), reply("80 00"),
    ]
    var decoder = SessionDecoder()
    var operations: [DecodedOperation] = []
    for transfer in transfers { operations += decoder.add(transfer) }
    #expect(operations.count == 2)
    operations += decoder.finish()
    #expect(operations == SessionDecoder.decode(transfers))
    #expect(decoder.finish().isEmpty)
  }
}

import Engine
import Testing

/// What hosts say to a bootloader, as it is shown.
@Suite("Bootloader sessions decoded")
struct BootloaderDecoderTests {
  /// A dialogue, `>` before what the host sends and `<` before what it hears.
  private func decode(_ dialogue: String) -> [String] {
    let events = dialogue.split(separator: "\n").enumerated().map { index, line in
      let bytes = line.dropFirst().split(separator: " ").compactMap { UInt8($0, radix: 16) }
      let kind: ObservedLineEvent.Kind =
        switch line.first {
        case ">": .sent(bytes)
        case "<": .received(bytes)
        default: .line(String(line))
        }
      let failure: String? = line.hasSuffix("!") ? "no answer" : nil
      return ObservedLineEvent(
        kind, failure: failure, start: .milliseconds(index), end: .milliseconds(index + 1))
    }
    return BootloaderDecoder.decode(events).map(\.text)
  }

  @Test func `commands with their addresses, data and answers`() {
    let shown = decode(
      """
      115200 8E1
      > 7F
      < 79
      > 00 FF
      < 79 0B 31 00 01 02 11 21 31 44 63 73 82 92 79
      > 02 FD
      < 79 01 04 41 79
      > 44 BB
      < 79
      > 00 00
      > 00 00 00
      < 79
      > 31 CE
      < 79
      > 08 00 00 00 08
      < 79
      > 03 DE AD BE EF 21
      < 79
      > 11 EE
      < 79
      > 08 00 00 00 08
      < 79
      > 03 FC
      < 79
      < DE AD BE EF
      > 21 DE
      < 79
      > 08 00 00 00 08
      < 79
      """)
    #expect(
      shown == [
        "line 115200 8E1", "Synchronise -> ACK", "Get -> 0B 31 00 01 02 11 21 31 44 63 73 82 92", "Get ID -> 01 04 41",
        "Extended Erase sectors 0 -> ACK", "Write Memory 4 bytes at 0x08000000 <- DE AD BE EF -> ACK",
        "Read Memory 4 bytes at 0x08000000 -> DE AD BE EF", "Go at 0x08000000 -> ACK",
      ])
  }

  @Test func `what is refused ends its command, and a silence is told`() {
    let shown = decode(
      """
      > 11 EE
      < 1F
      > 31 CE
      < 79
      > 20 00 00 00 20
      < 1F
      > 44 BB
      < 79
      > FF FF 00
      < !
      > 7F
      < !
      > 99 66
      < 1F
      > FF
      < AA BB
      """)
    #expect(
      shown == [
        "Read Memory ! refused (NACK)", "Write Memory at 0x20000000 ! refused (NACK)",
        "Extended Erase all ! no answer", "Synchronise ! no answer", "command 0x99 -> NACK",
        "bytes <- FF -> AA BB",
      ])
  }
}

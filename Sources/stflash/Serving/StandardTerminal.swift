import LinkInterface
import LinkServer
import SimProbe

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// This program's own input and output as the far end of a serial cable.
///
/// A terminal hands over every key, Ctrl-C too; Ctrl-] ends the command. A file or a pipe is sent from its beginning to its
/// end. Rate and format are those of the chip's port.
final class StandardTerminal: SerialEndpoint {
  /// Ctrl-].
  private static let endKey: UInt8 = 0x1D

  private let port: String
  private let reporter: any Reporter
  private let interruption: Interruption
  private var isOver = false
  /// The beginning of a character whose other bytes have not come yet.
  private var unfinished: [UInt8] = []

  /// Whether input is a terminal.
  let isTerminal: Bool

  /// Takes input and output over until it is let go of.
  init(port: String, reporter: any Reporter, interruption: Interruption) {
    self.port = port
    self.reporter = reporter
    self.interruption = interruption
    isTerminal = RawTerminal.begin()
  }

  deinit {
    if isTerminal { RawTerminal.end() }
  }

  var descriptor: Int32? { isOver ? nil : STDIN_FILENO }

  var setting: SerialCable.Setting? { .likeThePort }

  func read(atMost byteCount: Int) -> [UInt8] {
    var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard !isOver, poll(&entry, 1, 0) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let count = StandardTerminal.read(STDIN_FILENO, &bytes, byteCount)
    if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { isOver = true }
    bytes.removeLast(byteCount - max(count, 0))
    if isTerminal, let end = bytes.firstIndex(of: Self.endKey) {
      interruption.request()
      return Array(bytes[..<end])
    }
    return bytes
  }

  func write(_ bytes: [UInt8]) {
    let all = unfinished + bytes
    let end = Self.endOfWholeCharacters(all)
    unfinished = Array(all[end...])
    if end > 0 { reporter.report(.serialOutput(ConsoleLine(port: port, bytes: Array(all[..<end])))) }
  }

  /// The index behind the last byte that is no part of an unfinished UTF-8 character.
  static func endOfWholeCharacters(_ bytes: [UInt8]) -> Int {
    for length in 1..<4 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return needed > length ? bytes.count - length : bytes.count
    }
    return bytes.count
  }

  #if canImport(Glibc)
  private static let read = Glibc.read
  #else
  private static let read = Darwin.read
  #endif
}

import Basics

/// A message between the umockdev preload library and whoever plays the device (its own protocol since release 0.16).
///
/// Three machine words: what it is, and two arguments. The library connects once for each file that its program opens,
/// sends a call and then serves the answers' questions until the call is answered.
struct UmockdevFrame: Equatable {
  /// The first word.
  enum Kind: UInt64 {
    /// From the program: ioctl(2), with the request and the third argument.
    case request = 1
    /// To the program: the call is done, with its result and errno.
    case done = 3
    /// To the program: send so many bytes at an address.
    case readMemory = 5
    /// To the program: so many bytes follow for an address.
    case writeMemory = 6
  }

  /// The length of a message without what follows it.
  static let byteCount = 24
  /// The result that lets the program make the real call.
  static let unhandled = Int64(-100)

  let kind: UInt64
  let first: UInt64
  let second: UInt64

  /// Makes a message.
  init(_ kind: Kind, _ first: UInt64, _ second: UInt64) {
    self.kind = kind.rawValue
    self.first = first
    self.second = second
  }

  /// Reads a message.
  init(_ bytes: [UInt8]) {
    let words = stride(from: 0, to: UmockdevFrame.byteCount, by: 4).map { UInt64(bytes.littleEndianWord(at: $0)) }
    kind = words[0] | words[1] << 32
    first = words[2] | words[3] << 32
    second = words[4] | words[5] << 32
  }

  /// The message's bytes; every machine that this runs on is little-endian.
  var bytes: [UInt8] { [kind, first, second].flatMap(\.littleEndianBytes) }
}

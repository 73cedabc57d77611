import Basics
import LinkInterface

/// Where a replayed session parted from its recording.
package struct Divergence: Sendable, Equatable, CustomStringConvertible {
  /// What differs.
  package enum Difference: Sendable, Equatable {
    /// The recording has another kind of transfer here, or one on another endpoint; both in words.
    case transfer(expected: String, got: String)
    /// A byte that goes out, or a byte of a setup packet, by its position from 0.
    case byte(offset: Int, expected: UInt8, got: UInt8)
    /// The number of bytes that go out, or that are asked for.
    case length(expected: Int, got: Int)
    /// The recording has ended.
    case end(got: String)
    /// The recording does not tell how the transfer ended.
    case unknownOutcome
    /// Nowhere in the recording is there such a transfer (lenient replay).
    case notFound(got: String)
    /// The session has ended and the recording goes on.
    case leftOver(count: Int, next: String)
  }

  /// The position in the recording, from 0: `Recording.exchanges[exchange]`.
  package var exchange: Int
  /// The number of transfers in the recording.
  package var total: Int
  /// What differs.
  package var difference: Difference

  /// Makes a divergence.
  package init(exchange: Int, of total: Int, _ difference: Difference) {
    self.exchange = exchange
    self.total = total
    self.difference = difference
  }

  /// The place and the difference in one line; transfers count from 1, bytes from 0.
  package var description: String {
    "transfer \(exchange + 1) of \(total): \(cause)"
  }

  private var cause: String {
    switch difference {
    case .transfer(let expected, let got): "expected \(expected), got \(got)"
    case .byte(let offset, let expected, let got):
      "byte \(offset): expected 0x\(Hexadecimal.text([expected])), got 0x\(Hexadecimal.text([got]))"
    case .length(let expected, let got): "expected \(expected.inBytes), got \(got)"
    case .end(let got): "the recording has ended, got \(got)"
    case .unknownOutcome: "the recording does not tell how the transfer ended"
    case .notFound(let got): "the recording holds no \(got)"
    case .leftOver(let count, let next): "the session has ended, \(count) recorded transfers are left, next \(next)"
    }
  }
}

extension Transfer {
  /// The transfer in a few words, with its first bytes: "16 bytes to endpoint 0x02 (f1 80 …)".
  var summary: String {
    let limit = 16
    let sent = outgoingBytes
    let count = Int(wireLength).inBytes
    let list = sent.prefix(limit).map { Hexadecimal.text([$0]) }.joined(separator: " ")
    let bytes = sent.isEmpty ? "" : " (\(list)\(sent.count > limit ? " …" : ""))"
    switch self {
    case .bulkOut: return "\(count) to endpoint 0x\(Hexadecimal.text([endpoint.rawValue]))\(bytes)"
    case .bulkIn:
      return "a request for \(count) from endpoint 0x\(Hexadecimal.text([endpoint.rawValue]))"
    case .controlOut(let setup, _), .controlIn(let setup):
      return "control request \(Hexadecimal.text(setup.bytes))\(bytes)"
    }
  }
}

extension ControlSetup {
  /// The setup packet as it goes over the cable (USB 2.0, table 9-2).
  var bytes: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append([requestType, request])
    bytes.append(value)
    bytes.append(index)
    bytes.append(length)
    return bytes.bytes
  }
}

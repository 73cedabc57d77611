/// How characters stand on an asynchronous serial wire.
package struct SerialFormat: Sendable, Equatable {
  /// The bit behind the data that lets the receiver notice a wrong one.
  package enum Parity: Sendable, Equatable {
    case none
    case even
    case odd
  }

  /// The length of a bit in picoseconds.
  package var bitLength: UInt64
  /// The data bits, 5 to 9, without the parity's.
  package var dataBitCount: Int
  package var parity: Parity
  /// The length of the stop bits in halves of a bit.
  package var stopHalfBits: UInt64

  /// A format by its bits' length.
  init(bitLength: UInt64, dataBitCount: Int = 8, parity: Parity = .none, stopHalfBits: UInt64 = 2) {
    self.bitLength = bitLength
    self.dataBitCount = dataBitCount
    self.parity = parity
    self.stopHalfBits = stopHalfBits
  }

  /// A format by its rate, which has to be above 0: 115200 baud with eight data bits, no parity and one stop bit, unless
  /// something else is said.
  package init(baud: UInt64, dataBitCount: Int = 8, parity: Parity = .none, stopBitCount: UInt64 = 1) {
    self.init(
      bitLength: 1_000_000_000_000 / baud, dataBitCount: dataBitCount, parity: parity, stopHalfBits: 2 * stopBitCount)
  }

  /// A format by its rate, and else like another one.
  init(baud: UInt64, like other: SerialFormat?) {
    self = other ?? SerialFormat(baud: baud)
    bitLength = SerialFormat(baud: baud).bitLength
  }

  /// The rate in bits a second, rounded.
  package var baud: UInt64 { (1_000_000_000_000 + bitLength / 2) / bitLength }

  /// The bits between the start bit and the stop bits.
  var wordBitCount: Int { dataBitCount + (parity == .none ? 0 : 1) }

  /// The length of a character with its start and stop bits, in nanoseconds.
  var frameLength: UInt64 { (2 + 2 * UInt64(wordBitCount) + stopHalfBits) * bitLength / 2_000 }

  /// The length of so many bits and a half, in nanoseconds.
  func length(ofBitsAndHalf count: Int) -> UInt64 { (2 * UInt64(count) + 1) * bitLength / 2_000 }

  /// The bits on the wire for some data: those and the parity's behind them.
  func word(_ data: UInt16) -> UInt16 {
    let data = data & (1 << dataBitCount - 1)
    let isOdd = data.nonzeroBitCount % 2 == 1
    return parity == .none || isOdd == (parity == .odd) ? data : data | 1 << dataBitCount
  }

  /// The data of the bits on the wire.
  func data(_ word: UInt16) -> UInt16 { word & (1 << dataBitCount - 1) }

  /// Whether the parity bit does not fit the data.
  func hasParityError(_ word: UInt16) -> Bool { self.word(data(word)) != word }
}

/// A character on an asynchronous serial wire.
struct SerialFrame: Equatable {
  /// When the start bit begins, in nanoseconds.
  let start: UInt64
  /// The data and the parity bit, the lowest first.
  let word: UInt16
  /// How it stands on the wire.
  let format: SerialFormat

  /// When its stop bits are over.
  var end: UInt64 { start + format.frameLength }
  /// The data.
  var data: UInt16 { format.data(word) }

  /// Whether the wire is high; before and behind the frame it is.
  func level(at time: UInt64) -> Bool {
    guard time >= start else { return true }
    let bit = Int(clamping: (time - start) * 1_000 / format.bitLength)
    return bit > format.wordBitCount || bit > 0 && word >> UInt16(bit - 1) & 1 != 0
  }

  /// The first time, not before another one, at which the wire falls.
  func fallingEdge(from time: UInt64) -> UInt64? {
    var wasHigh = true
    for bit in 0...format.wordBitCount {
      let isHigh = bit > 0 && word >> UInt16(bit - 1) & 1 != 0
      let edge = start + (UInt64(bit) * format.bitLength + 999) / 1_000
      if wasHigh, !isHigh, edge >= time { return edge }
      wasHigh = isHigh
    }
    return nil
  }
}

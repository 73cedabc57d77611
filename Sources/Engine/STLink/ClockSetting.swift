import Basics

/// Which SWD clock is wanted.
public enum ClockChoice: Sendable, Hashable {
  /// Whatever the probe has set: a set clock survives a program that ends.
  case unchanged
  /// A fast clock that the wires on a bench usually carry: 4 MHz on V2, the list's nearest to 8 MHz on V3.
  ///
  /// Where they do not, connecting goes down by itself.
  case standard
  /// The fastest clock that is not above this.
  case atMost(kHz: Int)
}

/// The SWD clock as it was asked for and as it is.
public struct ClockSetting: Sendable, Hashable {
  /// What was asked for; nil where the clock was left as it is.
  public var requestedKHz: Int?
  /// What the probe makes; nil where it cannot say and nothing was set.
  public var actualKHz: Int?
  /// Why it is not what was asked for; nil where it is.
  public var remark: String?
}

/// The SWD clocks of V2 and V2-1 probes: delay counts for SWD_SET_FREQ.
enum V2Clock {
  /// One clock.
  struct Entry: Sendable, Equatable {
    var divisor: UInt16
    var kHz: Int
  }

  /// All of them, fastest first, as OpenOCD and stlink name them; pyOCD and probe-rs call the first one 4600 kHz.
  static let entries = [
    Entry(divisor: 0, kHz: 4000),
    Entry(divisor: 1, kHz: 1800),
    Entry(divisor: 2, kHz: 1200),
    Entry(divisor: 3, kHz: 950),
    Entry(divisor: 7, kHz: 480),
    Entry(divisor: 15, kHz: 240),
    Entry(divisor: 31, kHz: 125),
    Entry(divisor: 40, kHz: 100),
    Entry(divisor: 79, kHz: 50),
    Entry(divisor: 158, kHz: 25),
    Entry(divisor: 265, kHz: 15),
    Entry(divisor: 798, kHz: 5),
  ]

  /// The clock after power-up, and the only one before V2J22.
  static let powerUpKHz = 1800
  /// The clock where nobody asks for another: the fastest.
  static let standardKHz = 4000
}

/// The SWD clocks of a V3 probe: what GET_COM_FREQ tells.
struct V3Clocks: Sendable, Equatable {
  /// The clock that is set.
  var currentKHz: Int
  /// What can be set, fastest first.
  var choicesKHz: [Int]

  /// The clock where nobody asks for another: ST's own programmer takes the same.
  static let standardKHz = 8000
  /// The reply has room for this many.
  private static let capacity = 10

  /// Reads the reply to GET_COM_FREQ; nil when it lists no clock, or more than it has room for.
  init?(reply: [UInt8]) {
    guard reply.count == 52 else { return nil }
    let count = reply.littleEndianWord(at: 8)
    guard (1...UInt32(V3Clocks.capacity)).contains(count) else { return nil }
    currentKHz = Int(reply.littleEndianWord(at: 4))
    choicesKHz = (0..<Int(count)).map { Int(reply.littleEndianWord(at: 12 + 4 * $0)) }.sorted(by: >)
  }
}

extension ClockSetting {
  /// The fastest of `choices` that is not above `wishedKHz`; the slowest where all are above.
  ///
  /// Nil where none is there.
  static func nearest(to wishedKHz: Int, of choices: [Int]) -> Int? {
    choices.filter { $0 <= wishedKHz }.max() ?? choices.min()
  }

  /// What to tell about a clock that is not the one asked for.
  static func remark(requestedKHz: Int, actualKHz: Int) -> String? {
    if actualKHz == requestedKHz { return nil }
    let side = actualKHz < requestedKHz ? "the nearest below" : "the slowest that the probe makes"
    return "SWD clock is \(actualKHz.frequency), \(side), instead of \(requestedKHz.frequency)"
  }
}

import Basics
import Failures

/// How many bits the controller erases and programs at once (CR.PSIZE); bound to the supply voltage.
public enum Parallelism: Int, Sendable, CaseIterable, Comparable {
  /// 8 bits: at any supply.
  case x8 = 1
  /// 16 bits: from 2.1 V.
  case x16 = 2
  /// 32 bits: from 2.7 V.
  case x32 = 4
  /// 64 bits: from 2.7 V and with 7 to 9 V on the VPP pin.
  case x64 = 8

  /// The bytes of one programming access.
  public var byteCount: Int { rawValue }

  /// The width of the bus accesses that program; x64 takes two words in one 128-bit row (RM0090, 3.6.3).
  var accessWidth: AccessWidth {
    switch self {
    case .x8: .byte
    case .x16: .halfword
    case .x32, .x64: .word
    }
  }

  /// The name in messages: "x32".
  public var name: String { "x\(rawValue * 8)" }

  /// Orders by width.
  public static func < (left: Parallelism, right: Parallelism) -> Bool { left.rawValue < right.rawValue }

  /// The widest that a supply allows without VPP.
  public static func widest(at millivolts: Int) -> Parallelism {
    [.x32, .x16].first { millivolts >= $0.minimumMillivolts } ?? .x8
  }
}

/// From what the width of erasing and programming is chosen.
public struct SupplyConditions: Sendable, Equatable {
  /// The target's supply in millivolts: measured, or the user's word; nil when neither is there.
  public var millivolts: Int?
  /// Whether the user says that 7 to 9 V are on the VPP pin.
  public var hasProgrammingVoltage: Bool
  /// The width that the user asks for.
  public var asked: Parallelism?

  /// Makes conditions.
  public init(millivolts: Int?, hasProgrammingVoltage: Bool = false, asked: Parallelism? = nil) {
    self.millivolts = millivolts
    self.hasProgrammingVoltage = hasProgrammingVoltage
    self.asked = asked
  }

  /// The width to use, and a warning where the choice needs one.
  ///
  /// Without a voltage (clones lack the sense wire) it is x8, which is slow and safe at any supply, unless the user
  /// asks for another.
  ///
  /// - Throws: `FlashError` when the asked width is too wide for the supply, or x64 without VPP.
  func parallelism() throws(FlashError) -> (Parallelism, warning: Advice?) {
    if asked == .x64 && !hasProgrammingVoltage { throw FlashError(.programmingVoltageNeeded) }
    // Below 1.6 V no F2 or F4 runs: such a reading is a sense wire that is not connected.
    let measured = millivolts.flatMap { $0 >= 1600 ? $0 : nil }
    guard let measured else {
      let reading = millivolts.map { "the probe measures \($0.volts), at which no chip runs" } ?? "no voltage is known"
      if let asked { return (asked, "\(reading): \(asked.name) is taken on your word") }
      return (
        .x8,
        """
        \(reading): erasing and programming at x8, which is slow but safe; \
        \(.nameSupply(millivolts: nil), or: "a voltage that is given") says what it is
        """
      )
    }
    let widest = Parallelism.widest(at: measured)
    let limit: Parallelism = widest == .x32 && hasProgrammingVoltage ? .x64 : widest
    guard let asked else { return (limit, nil) }
    guard asked <= limit else { throw FlashError(.widthTooWide(asked: asked, limit: limit, millivolts: measured)) }
    return (asked, nil)
  }
}

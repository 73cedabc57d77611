/// When a fault happens.
public enum FaultMoment: Sendable, Equatable {
  /// What the flash interface is asked to do.
  public enum Operation: String, Sendable, CaseIterable {
    /// The erase of a sector or a bank.
    case erase
    /// One programming pulse.
    case program
    /// The rewriting of the option bytes.
    case options
  }

  /// Just before the probe carries out its n-th command, from 1.
  case command(Int)
  /// Just before the n-th bulk transfer of the probe's USB endpoints, or the n-th request at the board's own USB, from 1.
  case transfer(Int)
  /// At the n-th character of a serial adapter, in both directions, from 1.
  case character(Int)
  /// In the middle of the n-th operation of a kind that the flash begins, from 1.
  case operation(Operation, Int)
  /// At this time since the simulation began, in nanoseconds.
  case time(UInt64)
  /// In the middle of the first flash operation that changes this address.
  case address(UInt32)

  /// How a moment is written, for messages.
  static let forms =
    "@command=N, @transfer=N, @character=N, @operation=erase:N, @time=250ms or @address=0x08004000, and an end behind two dots: "
    + "..time=2s, or ..+500ms after it has happened"

  /// Reads what stands behind the @.
  init(_ text: String) throws(FaultError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let moment = FaultMoment(kind: parts[0].lowercased(), value: parts[1].lowercased()) else {
      throw .badMoment(text)
    }
    self = moment
  }

  private init?(kind: String, value: String) {
    let number = FaultParameter.number(value)
    let ordinal = number.flatMap { $0 > 0 ? $0 : nil }
    let moment: FaultMoment? =
      switch kind {
      case "command": ordinal.map(FaultMoment.command)
      case "transfer": ordinal.map(FaultMoment.transfer)
      case "character": ordinal.map(FaultMoment.character)
      case "operation": FaultMoment.operation(value)
      case "time": FaultMoment.nanoseconds(value).map(FaultMoment.time)
      case "address": number.flatMap(UInt32.init(exactly:)).map(FaultMoment.address)
      default: nil
      }
    guard let moment else { return nil }
    self = moment
  }

  /// "erase" is the first one, "erase:3" the third.
  private static func operation(_ text: String) -> FaultMoment? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let operation = Operation(rawValue: parts[0]) else { return nil }
    guard parts.count > 1 else { return .operation(operation, 1) }
    guard let number = FaultParameter.number(parts[1]), number > 0 else { return nil }
    return .operation(operation, number)
  }

  /// A whole number of ns, us, ms or s.
  static func nanoseconds(_ text: String) -> UInt64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: UInt64] = ["ns": 1, "us": 1000, "ms": 1_000_000, "s": 1_000_000_000]
    guard let value = UInt64(digits), let unit = units[String(text.dropFirst(digits.count))] else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }

  /// The moment as `Fault.init(_:)` takes it.
  public var text: String {
    switch self {
    case .command(let number): "command=\(number)"
    case .transfer(let number): "transfer=\(number)"
    case .character(let number): "character=\(number)"
    case .operation(let operation, let number): "operation=\(operation.rawValue):\(number)"
    case .time(let nanoseconds): "time=\(nanoseconds)ns"
    case .address(let address): "address=0x\(String(address, radix: 16, uppercase: true))"
    }
  }
}

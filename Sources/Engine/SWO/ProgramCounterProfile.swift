import Basics

/// Where a program spends its time, by samples of the program counter.
public struct ProgramCounterProfile: Sendable, Equatable {
  /// What a place has of the samples.
  public struct Row: Sendable, Equatable {
    /// The symbol, or the address where there is none; nil for sleep.
    public var name: String?
    /// How many samples it has.
    public var count: Int
  }

  /// How often each address was sampled.
  public private(set) var counts: [UInt32: Int] = [:]
  /// How many samples found the core asleep.
  public private(set) var sleepCount = 0
  /// How many samples there are.
  public private(set) var sampleCount = 0

  /// A profile without samples.
  public init() {}

  /// Takes a packet, if it is a sample.
  public mutating func add(_ packet: ITMPacket) {
    switch packet {
    case .programCounter(let address): counts[address, default: 0] += 1
    case .asleep: sleepCount += 1
    default: return
    }
    sampleCount += 1
  }

  /// The places by how many samples they have, most first, and by name.
  ///
  /// - Parameter name: the symbol that an address lies in; nil where it lies in none.
  public func rows(naming name: (UInt32) -> String?) -> [Row] {
    var named: [String: Int] = [:]
    for (address, count) in counts { named[name(address) ?? address.hexadecimal, default: 0] += count }
    var rows = named.map { Row(name: $0.key, count: $0.value) }
    if sleepCount > 0 { rows.append(Row(name: nil, count: sleepCount)) }
    return rows.sorted { ($1.count, $0.name ?? "") < ($0.count, $1.name ?? "") }
  }
}

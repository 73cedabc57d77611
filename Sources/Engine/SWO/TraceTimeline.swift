/// When the packets of a trace stream were made, by its local timestamps.
///
/// A timestamp comes behind the packets that it belongs to, and counts from the last one.
public struct TraceTimeline: Sendable {
  /// A packet and its time.
  public struct Entry: Sendable, Equatable {
    /// The packet.
    public var packet: ITMPacket
    /// When it was made, since the first timestamp began to count; nil where the stream does not tell.
    public var time: Duration?
  }

  /// The sum of all timestamps.
  public private(set) var elapsed = Duration.zero
  private let hasTimestamps: Bool
  private var waiting: [ITMPacket] = []

  /// More packets than this do not wait for a timestamp: there are none, or it was lost.
  private static let longestWait = 256

  /// Makes a timeline at its beginning.
  public init(hasTimestamps: Bool) {
    self.hasTimestamps = hasTimestamps
  }

  /// Takes packets; returns those whose time is known now, without timestamps and synchronisation.
  ///
  /// - Parameter rate: the rate at which they came; nil where it is not known, and then no time is.
  public mutating func add(_ packets: [ITMPacket], at rate: TraceRate?) -> [Entry] {
    var entries: [Entry] = []
    for packet in packets {
      switch packet {
      case .localTimestamp(let ticks, _):
        if let rate { elapsed += Self.duration(ticks, at: rate) }
        entries += take(at: rate == nil ? nil : elapsed)
      case .globalTimestamp, .globalTimestampHigh, .synchronisation: break
      default:
        waiting.append(packet)
        if !hasTimestamps || waiting.count >= Self.longestWait { entries += take(at: nil) }
      }
    }
    return entries
  }

  private mutating func take(at time: Duration?) -> [Entry] {
    defer { waiting = [] }
    return waiting.map { Entry(packet: $0, time: time) }
  }

  private static func duration(_ ticks: UInt32, at rate: TraceRate) -> Duration {
    let cycles = Int64(ticks) * Int64(TraceSetup.cyclesPerTick)
    return .nanoseconds(cycles * 1_000_000_000 / Int64(rate.clockHertz))
  }
}

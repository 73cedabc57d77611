/// What a session amounts to: operations, bytes and times, by command.
public struct SessionStatistics: Sendable, Equatable {
  /// The figures of one command.
  public struct CommandFigures: Sendable, Equatable {
    /// The command's name.
    public var name: String
    /// How often it came.
    public var count = 0
    /// The bytes to and from the probe.
    public var byteCount = 0
    /// The time from the first submission to the last end, summed up; operations without times do not count.
    public var time: Duration = .zero
    /// The longest time of one.
    public var longest: Duration = .zero
  }

  /// A time in which nothing was on the cable.
  public struct Gap: Sendable, Equatable {
    /// The number of the operation before it.
    public var operation: Int
    /// How long it was.
    public var duration: Duration
  }

  /// The longest gaps and the slowest operations that are kept.
  private static let shownCount = 5

  /// The number of transfers.
  public private(set) var transferCount = 0
  /// The number of operations.
  public private(set) var operationCount = 0
  /// The bytes to the probe.
  public private(set) var sentByteCount = 0
  /// The bytes from the probe.
  public private(set) var receivedByteCount = 0
  /// The time from the first to the last thing that happened.
  public private(set) var duration: Duration = .zero
  /// The time in which something was on the cable.
  public private(set) var busy: Duration = .zero
  /// The commands, those with the most time first.
  public private(set) var commands: [CommandFigures] = []
  /// The longest gaps, longest first.
  public private(set) var gaps: [Gap] = []
  /// The slowest operations, slowest first.
  public private(set) var slowest: [DecodedOperation] = []

  /// Adds a session up.
  public init(_ operations: [DecodedOperation]) {
    var byName: [String: CommandFigures] = [:]
    var lastEnd: Duration?
    operationCount = operations.count
    for operation in operations {
      transferCount += operation.transfers.count
      sentByteCount += operation.sentByteCount
      receivedByteCount += operation.receivedByteCount
      var figures = byName[operation.name] ?? CommandFigures(name: operation.name)
      figures.count += 1
      figures.byteCount += operation.sentByteCount + operation.receivedByteCount
      if let time = operation.duration {
        figures.time += time
        figures.longest = max(figures.longest, time)
        busy += time
      }
      byName[operation.name] = figures
      if let start = operation.start, let lastEnd, start > lastEnd {
        gaps.append(Gap(operation: operation.number - 1, duration: start - lastEnd))
      }
      lastEnd = [lastEnd, operation.end].compactMap { $0 }.max()
    }
    duration = (lastEnd ?? .zero) - (operations.compactMap(\.start).min() ?? .zero)
    commands = byName.values.sorted { ($1.time, $1.count, $0.name) < ($0.time, $0.count, $1.name) }
    gaps = Array(gaps.sorted { $0.duration > $1.duration }.prefix(SessionStatistics.shownCount))
    slowest = Array(
      operations.filter { $0.duration != nil }.sorted { ($0.duration ?? .zero) > ($1.duration ?? .zero) }
        .prefix(SessionStatistics.shownCount))
  }
}

/// How quickly a link takes data, by what it has taken.
struct LinkPace {
  private var byteCount = 0
  private var duration = Duration.zero

  /// Smaller pieces tell what a command costs and not how quickly data go.
  private static let smallestPiece = 1024
  /// What has been seen before is worth less than what is seen now: half after so many bytes.
  private static let memoryByteCount = 65_536

  /// Takes note of a piece that has been sent.
  mutating func note(_ byteCount: Int, took time: Duration) {
    guard byteCount >= Self.smallestPiece, time > .zero else { return }
    if self.byteCount >= Self.memoryByteCount {
      self.byteCount /= 2
      duration /= 2
    }
    self.byteCount += byteCount
    duration += time
  }

  /// How long sending will take; nil before anything is known.
  func time(toSend byteCount: Int) -> Duration? {
    self.byteCount > 0 ? duration * byteCount / self.byteCount : nil
  }
}

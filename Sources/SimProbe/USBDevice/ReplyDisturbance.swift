/// What goes wrong with replies between the firmware and the host.
struct ReplyDisturbance: Equatable {
  /// How many of the next replies never come.
  var lost = 0
  /// How many of the next replies end after half of their bytes.
  var truncated = 0

  /// What is left of replies.
  mutating func disturb(_ replies: [[UInt8]]) -> [[UInt8]] {
    var left: [[UInt8]] = []
    for reply in replies {
      if lost > 0 {
        lost -= 1
      } else if truncated > 0 {
        truncated -= 1
        left.append(Array(reply.prefix(reply.count / 2)))
      } else {
        left.append(reply)
      }
    }
    return left
  }
}

/// What goes wrong with replies between the firmware and the host.
struct ReplyDisturbance: Equatable {
  /// A reply as it leaves the device.
  struct Reply: Equatable {
    let bytes: [UInt8]
    /// How long it is held up, in nanoseconds.
    var delay: UInt64 = 0
  }

  /// How many of the next replies never come.
  var lost = 0
  /// How many of the next replies end after half of their bytes.
  var truncated = 0
  /// By how much the next reply comes late, in nanoseconds; nil for in time.
  var lateness: UInt64?

  /// What is left of replies.
  mutating func disturb(_ replies: [[UInt8]]) -> [Reply] {
    var left: [Reply] = []
    for reply in replies {
      if lost > 0 {
        lost -= 1
      } else if truncated > 0 {
        truncated -= 1
        left.append(Reply(bytes: Array(reply.prefix(reply.count / 2))))
      } else {
        left.append(Reply(bytes: reply, delay: lateness ?? 0))
        lateness = nil
      }
    }
    return left
  }
}

/// The wire at a chip's NRST, which everybody can pull low.
struct ResetLine: Equatable {
  /// Whether the probe's reset output reaches the chip.
  var reachesProbe: Bool
  /// Whether something on the board holds it low.
  var isHeldByBoard = false
  /// Whether a serial adapter's control line pulls it low.
  var isHeldByAdapter = false
  /// Whether the probe drives its reset output low.
  var isHeldByProbe = false

  /// Whether somebody holds it low.
  var isLow: Bool { isHeldByBoard || isHeldByAdapter || reachesProbe && isHeldByProbe }

  init(reachesProbe: Bool) {
    self.reachesProbe = reachesProbe
  }
}

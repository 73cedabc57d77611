/// How much of the chip stands still (RM0090, 5.3).
enum PowerMode {
  /// Everything runs.
  case run
  /// The core's clock stands still.
  case sleep
  /// All clocks of the core domain stand still; memories and registers are kept.
  case stop
  /// The core domain has no power; only a reset or a wake-up brings it back.
  case standby
}

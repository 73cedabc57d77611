/// A watchdog: a counter in the simulation's time that resets the chip when it runs out.
protocol Watchdog: Peripheral {
  /// The time to the reset if nothing stops or reloads the counter, in nanoseconds; nil while it does not run.
  var nanosecondsLeft: UInt64? { get }

  /// Lets the counter run to a time, or stand still where the debug unit freezes it.
  ///
  /// - Returns: whether it has run out.
  func advance(to now: UInt64, frozen: Bool) -> Bool
}

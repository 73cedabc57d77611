/// What feeds a chip: the board's regulator, and what is between it and the chip's pins.
struct Supply: Equatable {
  /// What the regulator gives, in millivolts.
  var regulatorMillivolts = 0
  /// Whether the regulator's output reaches the chip.
  var isConnected = true
  /// The most that reaches the chip of what the regulator gives, in millivolts.
  var limitMillivolts = Int.max

  /// The supply at the chip's pins in millivolts.
  var chipMillivolts: Int { isConnected ? min(regulatorMillivolts, limitMillivolts) : 0 }
}

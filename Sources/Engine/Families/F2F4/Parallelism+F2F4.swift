extension Parallelism {
  /// What PSIZE holds.
  var selection: UInt32 {
    switch self {
    case .x8: 0b00
    case .x16: 0b01
    case .x32: 0b10
    case .x64: 0b11
    }
  }

  /// The lowest supply, in millivolts (RM0090, table 7).
  public var minimumMillivolts: Int {
    switch self {
    case .x8: 0
    case .x16: 2100
    case .x32, .x64: 2700
    }
  }
}

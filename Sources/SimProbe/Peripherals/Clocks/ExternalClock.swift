/// What is connected to OSC_IN and OSC_OUT, or to OSC32_IN and OSC32_OUT.
enum ExternalClock: Equatable, Sendable {
  /// Nothing: the oscillator never becomes ready.
  case none
  /// A crystal of so many hertz, which oscillates only with the bypass bit clear.
  case crystal(UInt64)
  /// A clock signal of so many hertz from elsewhere, such as a probe's MCO output; it comes through with the bypass bit
  /// set, and through the oscillator's amplifier as well.
  case driven(UInt64)

  /// The frequency in hertz that the chip gets from it; nil for none.
  ///
  /// - Parameter isBypassed: HSEBYP or LSEBYP.
  func hertz(isBypassed: Bool) -> UInt64? {
    switch self {
    case .none: nil
    case .crystal(let hertz): isBypassed ? nil : hertz
    case .driven(let hertz): hertz
    }
  }
}

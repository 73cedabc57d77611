/// What of an image is written beside what lies in the main flash: only what somebody has asked for.
public struct ImageParts: Sendable, Equatable {
  /// Whether its bytes for OTP are.
  public var includesOTP: Bool
  /// Whether its option bytes are.
  public var includesOptions: Bool

  /// Includes nothing, unless it is said.
  public init(includesOTP: Bool = false, includesOptions: Bool = false) {
    self.includesOTP = includesOTP
    self.includesOptions = includesOptions
  }

  /// The addresses of what is included, by rising address.
  public var ranges: [Range<UInt32>] {
    let options = [MemoryMap.presumed.optionBytesOfBank2.range, MemoryMap.presumed.optionBytes.range]
    switch (includesOTP, includesOptions) {
    case (false, false): return []
    case (true, false): return [MemoryMap.presumed.otp.range]
    case (false, true): return options
    case (true, true): return [options[0], MemoryMap.presumed.otp.range, options[1]]
    }
  }
}

/// Everything that an image asks of a chip, in the order in which it is carried out: the flash, then OTP, then the option
/// bytes, which may close the chip.
public struct ImagePlan: Sendable, Equatable {
  /// What is erased and programmed; nil where the image has nothing for the flash.
  public let flash: FlashPlan?
  /// What is programmed into OTP; nil where nothing was asked for.
  public let otp: OTPPlan?
  /// What becomes of the option bytes; nil where nothing was asked for.
  public let options: OptionPlan?

  /// Whether there is nothing to do.
  public var isEmpty: Bool { (flash?.isEmpty ?? true) && (otp?.isEmpty ?? true) && (options?.isEmpty ?? true) }
}

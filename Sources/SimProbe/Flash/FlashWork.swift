/// What a flash has been made to do since its simulation began, by whomever: a debugger, a loader, the firmware.
public struct FlashWork: Sendable, Equatable {
  /// The sectors that were erased; a mass erase counts each.
  public internal(set) var erasedSectorCount = 0
  /// The bytes that were programmed, equal ones and the OTP area included.
  public internal(set) var programmedByteCount = 0
  /// How often option bytes were programmed.
  public internal(set) var optionChangeCount = 0

  /// No work.
  public init() {}

  /// What came after an earlier state.
  public static func - (later: FlashWork, earlier: FlashWork) -> FlashWork {
    var difference = FlashWork()
    difference.erasedSectorCount = later.erasedSectorCount - earlier.erasedSectorCount
    difference.programmedByteCount = later.programmedByteCount - earlier.programmedByteCount
    difference.optionChangeCount = later.optionChangeCount - earlier.optionChangeCount
    return difference
  }
}

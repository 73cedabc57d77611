public import Failures

/// Why erasing, programming or comparing went wrong, with everything that was seen when it did.
public struct FlashError: Error, Sendable, Equatable {
  /// What went wrong.
  public enum Cause: Sendable, Equatable {
    /// The debug port failed.
    case access(DebugError, during: String)
    /// The controller set error bits.
    case errorBits(FlashStatus, during: String)
    /// BSY did not fall in the time that the data sheet gives the operation.
    case timeout(during: String, limit: Duration)
    /// CR stays locked although the keys were written: an earlier wrong key has blocked it until the next reset.
    case keysRefused
    /// CR does not take the word that clears and locks it.
    case lockRefused
    /// The option bytes do not hold what was programmed into them.
    case optionsRefused(asked: OptionBytes)
    /// The option bytes are not those that they are compared with.
    case otherOptions(OptionBytes, expected: OptionBytes)
    /// CR was locked again in the middle: the chip has been reset.
    case chipReset(during: String)
    /// x64 was asked for without saying that VPP is there.
    case programmingVoltageNeeded
    /// The width asked for is too wide for the supply.
    case widthTooWide(asked: Parallelism, limit: Parallelism, millivolts: Int)
    /// The flash does not hold what it should.
    case mismatch(VerifyMismatch)
    /// The chip's checksum of a stretch of flash is wrong although all of its bytes read right.
    case checksum(Range<UInt32>, expected: UInt32, found: UInt32)
    /// The loader in the target's RAM runs no more; where the core stands, and CFSR.
    case loaderStopped(LoaderStop, programCounter: UInt32?, faultStatus: UInt32, during: String)
    /// Somebody asked to stop.
    case interrupted(during: String)
  }

  /// What the registers and the probe said when it went wrong; nil where it could not be read.
  public struct Evidence: Sendable, Equatable {
    /// SR.
    public var status: FlashStatus?
    /// CR.
    public var control: FlashControl?
    /// OPTCR.
    public var optionControl: FlashOptionControl?
    /// The option bytes by their names, which takes the chip to be known; they are told in place of `optionControl`.
    public var options: OptionBytes?
    /// What reset the chip in the middle, by RCC_CSR; nil where nothing did, or where it could not be read.
    public var resetFlags: ResetFlags?
    /// Whether the chip was found in reset, and stayed there.
    public var isHeldInReset = false
    /// Whether nothing answered on SWD any more, however often it was tried.
    public var isSilent = false
    /// Whether the wires had made errors before, so that the clock was lowered.
    public var hasNoisyWires = false
    /// The target's supply.
    public var millivolts: Int?
    /// The sector that was being worked on.
    public var sector: Sector?
    /// Whether what was read lies where this chip has no memory.
    public var isOutsideMemory = false
    /// The first address that failed.
    public var address: UInt32?

    /// Makes evidence of nothing seen yet.
    public init() {}
  }

  /// What went wrong.
  public var cause: Cause
  /// What was seen.
  public var evidence: Evidence
  /// What could not be brought in order afterwards, one sentence each; the first error stays the cause.
  public var cleanupFailures: [String]
  /// Why the flash controller could not be locked again; nil where it is locked.
  public var lockFailure: String?
  /// Whether the flash was erased or programmed and does not hold what it should.
  public var leavesFlashIncomplete: Bool
  /// In which condition the chip is left, one sentence each.
  public var aftermath: [String]
  /// What to do besides what the cause calls for.
  public var advice: [Advice] = []

  /// Makes an error without evidence.
  public init(_ cause: Cause, evidence: Evidence = Evidence()) {
    self.cause = cause
    self.evidence = evidence
    cleanupFailures = []
    leavesFlashIncomplete = false
    aftermath = []
  }

  /// An access that failed; an interruption stays one.
  static func access(_ error: DebugError, during action: String) -> FlashError {
    error == .interrupted ? FlashError(.interrupted(during: action)) : FlashError(.access(error, during: action))
  }

  /// Runs accesses of the debug port and turns what they throw into an error of this layer.
  static func wrapping<Result>(
    _ action: String, _ body: () throws(DebugError) -> Result
  ) throws(FlashError) -> Result {
    do throws(DebugError) {
      return try body()
    } catch {
      throw access(error, during: action)
    }
  }
}

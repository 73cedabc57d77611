/// A chip that can be worked on, whatever leads to it: a debug port, or a bootloader in the chip.
///
/// Calls are synchronous and a target has a single owner. `close` must be called in the end, after a failure too; it says
/// in which condition the chip is left. What a link cannot do throws `SessionError.unavailable`, before anything is touched.
public protocol ProgrammableTarget: AnyObject {
  /// What leads to the chip; nil until it has been opened.
  var link: TargetLink? { get }
  /// The chip; nil until it has been identified.
  var device: Device? { get }
  /// What the chip's option bytes protect; nil until they have been read, and where they cannot be.
  var protection: ProtectionState? { get }
  /// Whether the chip has been got hold of, so that its condition is worth a word.
  var isReached: Bool { get }
  /// Whether the chip goes on as it was while it is looked at.
  var leavesProgramRunning: Bool { get }

  /// Whether a chip whose flash has changed starts its program anew without being told to.
  var resetsAfterWriting: Bool { get }

  /// Gets hold of the chip, identifies it and reads what protects it.
  func open() throws(SessionError)

  /// Leaves chip and link in a stated condition; never throws, and may be called twice.
  @discardableResult
  func close(leaving: CoreLeaving?) -> ClosingStatement

  /// Works out what writing an image would do; its flash is left alone.
  func plan(
    writing image: FirmwareImage, with parts: ImageParts, _ choices: PlanOptions,
    permitting permissions: OptionPermissions?
  ) throws(SessionError) -> ImagePlan

  /// Works out what erasing would do; touches nothing.
  func plan(erasing request: EraseRequest) throws(SessionError) -> FlashPlan

  /// Carries out a plan for the flash.
  @discardableResult
  func execute(_ plan: FlashPlan, verifies: Bool) throws(SessionError) -> FlashPlan

  /// Compares the chip with an image.
  func verify(_ image: FirmwareImage, with parts: ImageParts, mayReset: Bool) throws(SessionError)

  /// Reads any range of addresses.
  func read(address: UInt32, byteCount: Int) throws(SessionError) -> [UInt8]

  /// Works out what taking write protection off would do.
  func planLiftingWriteProtection() throws(SessionError) -> OptionPlan

  /// Works out what taking all protection off would do.
  func planLiftingAllProtection() throws(SessionError) -> OptionPlan

  /// Works out what changing single fields of the option bytes would do.
  func plan(changing assignments: [OptionAssignment]) throws(SessionError) -> OptionPlan

  /// The option bytes as they act and as they are stored.
  func readOptions() throws(SessionError) -> OptionReading

  /// Carries out a plan for the option bytes.
  func execute(_ plan: OptionPlan, permitting permissions: OptionPermissions) throws(SessionError)

  /// The bytes that can be programmed once.
  func readOTP() throws(SessionError) -> OTPContents

  /// Carries out a plan for OTP, which nothing takes back.
  func execute(_ plan: OTPPlan, permittedBy words: [String]) throws(SessionError)

  /// Lets the chip's program start anew, at the latest when the target is closed.
  func reset() throws(SessionError)
}

/// What leads to a chip.
public enum TargetLink: Sendable, Equatable {
  /// A probe.
  case probe(ProbeDescription)
  /// The bootloader in the chip's ROM, at a serial port.
  case bootloader(BootloaderDescription)
  /// The bootloader in the chip's ROM, on USB.
  case dfu(DFUDescription)
}

// What follows from the rest.
extension ProgrammableTarget {
  /// Reads a range that has to lie in an area of the chip.
  ///
  /// - Throws: `SessionError.plan` for a range that does not, and as reading any range does.
  public func read(address: UInt32, byteCount: Int, in area: MemoryArea) throws(SessionError) -> [UInt8] {
    let (whole, name) = try range(of: area)
    guard whole.contains(address), byteCount <= Int(whole.upperBound - address) else {
      let last = UInt32(clamping: Int(address) + max(byteCount, 1) - 1)
      throw .plan(.outsideArea(address...last, area: area.title, range: whole, deviceName: name))
    }
    return try read(address: address, byteCount: byteCount)
  }

  /// Reads a whole area of the chip.
  ///
  /// - Returns: the address of the first byte, and the bytes.
  public func read(_ area: MemoryArea) throws(SessionError) -> (address: UInt32, bytes: [UInt8]) {
    let range = try range(of: area).range
    return (range.lowerBound, try read(address: range.lowerBound, byteCount: range.count))
  }

  private func range(of area: MemoryArea) throws(SessionError) -> (range: Range<UInt32>, deviceName: String) {
    guard let device else { throw .notOpen }
    guard let range = area.range(of: device) else {
      throw .plan(.noSuchArea(area.title, deviceName: device.name))
    }
    return (range, device.name)
  }
}

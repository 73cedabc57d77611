import Basics
import Failures
public import LinkInterface

/// A chip in its ROM bootloader, at a serial line or on USB.
///
/// The bootloader stays where it is until the program is started: nothing of the firmware runs meanwhile.
public final class BootloaderTarget: ProgrammableTarget {
  /// The bootloader, once it has answered.
  public private(set) var link: TargetLink?
  /// The chip; nil until it has been identified.
  public private(set) var device: Device?
  /// What the option bytes protect; nil while read protection hides them.
  public private(set) var protection: ProtectionState?

  let bootloader: any ROMBootloader
  let options: SessionOptions
  let observer: FlashObserver
  /// Whether read protection leaves nothing but to take it off.
  private(set) var isReadProtected = false
  /// Whether nothing has told which chip it is, so that another one may be meant.
  private(set) var isPresumed = false
  private var flash = CoreCustody.FlashCondition.asFound
  private var condition = Condition.unreached
  /// What closing has come to; nil until then.
  private var closing: ClosingStatement?

  private enum Condition {
    case unreached
    case inBootloader
    case started
    case broughtOut
    case lost
    case vanished
  }

  /// Makes a target that has not touched the line yet.
  public convenience init(
    line: any SerialLine, baudRate: Int, sequence: BootSequence? = nil, pins: (any HostPins)? = nil,
    options: SessionOptions = SessionOptions(), observer: @escaping FlashObserver = { _ in }
  ) {
    self.init(
      UARTBootloader(
        line: line, baudRate: baudRate, sequence: sequence, pins: pins, interruption: options.interruption),
      options: options, observer: observer)
  }

  /// Makes a target of a bootloader that nobody has talked to yet.
  init(_ bootloader: any ROMBootloader, options: SessionOptions, observer: @escaping FlashObserver) {
    self.bootloader = bootloader
    self.options = options
    self.observer = observer
    bootloader.onRepetition = { observer(.note($0)) }
  }

  /// Whether the bootloader has answered.
  public var isReached: Bool { condition != .unreached }
  /// No program runs meanwhile, and none is started unless it is asked for.
  public var leavesProgramRunning: Bool { true }
  /// The chip stays in its bootloader.
  public var resetsAfterWriting: Bool { false }

  // MARK: - Opening and closing

  /// Brings the chip into its bootloader where the control lines can do that, and asks who it is.
  public func open() throws(SessionError) {
    do throws(SessionError) {
      try SessionError.wrapping { () throws(DebugError) in try connectPatiently() }
      condition = .inBootloader
      try identify()
    } catch {
      close(leaving: nil)
      throw error
    }
  }

  /// Gets an answer, as soon as there is one where the user waits for it.
  private func connectPatiently() throws(DebugError) {
    try bootloader.bringIn()
    try bootloader.connect(patience: options.patience) {
      observer(.warning("no bootloader answers yet; waiting: \(bootloader.startingAdvice)"))
    }
  }

  /// Gives the link back; where the control lines can do that, the chip starts its program.
  @discardableResult
  public func close(leaving: CoreLeaving?) -> ClosingStatement {
    if let closing { return closing }
    var statement = ClosingStatement(core: nil, reason: nil, wasReset: false, problems: [])
    bringOut(unless: leaving == .halted, &statement)
    if condition == .inBootloader, !bootloader.isStillThere { condition = .vanished }
    switch condition {
    case .unreached: statement.reason = "the target was not reached"
    case .inBootloader:
      statement.condition = "in its ROM bootloader"
      statement.waitsForStart = true
      if flash == .broken { statement.reason = "its flash holds no complete firmware" }
    case .started: statement.condition = "in its program, which the bootloader has started"
    case .broughtOut: statement.condition = "in its program, after a reset with BOOT0 low"
    case .vanished:
      statement.condition = "no longer on USB"
      if flash == .broken { statement.reason = "its flash holds no complete firmware" }
    case .lost: statement.condition = "no longer in its bootloader: it has been reset"
    }
    bootloader.close()
    closing = statement
    return statement
  }

  /// Resets the chip with BOOT0 low, where the control lines can do that and its flash does not hold half of a firmware.
  private func bringOut(unless stays: Bool, _ statement: inout ClosingStatement) {
    guard condition == .inBootloader, flash != .broken, !stays, bootloader.canBringOut else { return }
    do throws(DebugError) {
      try bootloader.bringOut()
      condition = .broughtOut
      statement.wasReset = true
    } catch {
      statement.problems.append("the chip could not be reset by the control lines: \(error.report.summary)")
    }
  }

  /// Asks the bootloader, and what it shows of the chip, who the chip is.
  func identify() throws(SessionError) {
    let die = try recognise()
    if let chip = options.device.chip, chip.type.deviceID != die.deviceID {
      throw .device(.otherDie(asked: chip.text, found: die, identityCode: UInt32(die.deviceID)))
    }
    let identity = try SessionError.wrapping { () throws(DebugError) in
      try bootloader.readUnlessProtected(
        at: die.family.bootloaderIdentityBlock, byteCount: die.family.bootloaderIdentityByteCount)
    }
    isReadProtected = identity == nil
    let stored = isReadProtected ? nil : try storedOptions(die)
    let identifier = isReadProtected ? nil : try bytes(at: die.bootloader.identifierAddress, count: 1).first
    describe(identifier, identity.map { Array($0[die.family.uniqueIDOffsets]) })
    let register = identity?.littleEndianHalfword(at: die.family.sizeOffset)
    let device = try makeDevice(die, register: register, isSplit: stored?[.dualBank] == 1)
    self.device = device
    if isReadProtected {
      observer(.warning("the chip is read-protected at level 1: its bootloader does nothing but take that off"))
    } else if let stored {
      protection = ProtectionState(
        OptionBytes(OptionLayout(device), control: stored.optionControl, control1: stored.optionControl1))
    }
  }

  private func recognise() throws(SessionError) -> Die {
    let found = try SessionError.wrapping { () throws(DebugError) in
      try bootloader.recognise(expecting: options.device.chip)
    }
    describe(nil, nil)
    switch found {
    case .number(let deviceID):
      isPresumed = false
      guard let die = ChipCatalogue.die(withID: deviceID) else { throw .device(BootloaderTarget.unknown(deviceID)) }
      return die
    case .presumed(let die, let others):
      isPresumed = options.device.chip == nil && !others.isEmpty
      if isPresumed {
        observer(
          .warning("the bootloader does not tell which chip it is in; name it\(with: .nameChip) where that matters"))
      }
      return die
    }
  }

  private func describe(_ identifier: UInt8?, _ uniqueID: [UInt8]?) {
    link = bootloader.link(identifier: identifier, uniqueID: uniqueID)
  }

  private static func unknown(_ deviceID: UInt16) -> DeviceError {
    if let line = OtherLines.name(ofDeviceID: deviceID) {
      return .otherLine(line, identityCode: UInt32(deviceID), processorID: 0)
    }
    return .unknownChip(identityCode: UInt32(deviceID), processorID: 0)
  }

  /// The chip as its bootloader tells of it: no revision, which only the debug unit knows.
  private func makeDevice(_ die: Die, register: UInt16?, isSplit: Bool) throws(SessionError) -> Device {
    let asked = options.device.flashByteCount ?? options.device.chip?.type.flashSize.byteCount
    let registered = DeviceIdentification.plausibleByteCount(register, of: die)
    let byteCount =
      asked ?? registered ?? bootloader.namedFlashByteCount ?? ChipCatalogue.largestFlash(of: die).byteCount
    guard let map = DeviceIdentification.sectorMap(of: die, byteCount: byteCount, isSplit: isSplit) else {
      throw .device(.impossibleFlashSize(byteCount: byteCount, die: die))
    }
    if asked == nil, registered == nil, bootloader.namedFlashByteCount == nil {
      observer(
        .warning(
          """
          the flash size cannot be read; it is taken as \(byteCount.byteSize), the largest of \(die.name); give the \
          size\(with: .nameFlashSize) if it is smaller
          """))
    }
    let variants = DeviceIdentification.ramVariants(of: die, byteCount: byteCount, chip: options.device.chip)
    return Device(
      name: options.device.chip?.text ?? (isPresumed ? "STM32F2 or F4" : die.name), die: die,
      processorID: die.processorID,
      identityCode: UInt32(die.deviceID), sizeRegister: register, sectorMap: map,
      ram: variants.max { DeviceIdentification.total($0) < DeviceIdentification.total($1) } ?? [],
      contiguousRAMByteCount: variants.map(DeviceIdentification.contiguousByteCount).min() ?? 0, notes: [], warnings: []
    )
  }

  // MARK: - Starting the program

  /// Starts the program; the bootloader is gone then.
  ///
  /// Where the control lines can reset the chip, that is done in the end instead.
  public func reset() throws(SessionError) {
    let device = try openDevice()
    try refuseProtected()
    let start = device.sectorMap.range.lowerBound
    let table = try bytes(at: start, count: 8)
    guard
      device.canStart(
        from: VectorTable(
          address: start, initialStackPointer: table.littleEndianWord(at: 0),
          resetHandler: table.littleEndianWord(at: 4)))
    else { throw .unavailable(.startWithoutProgram) }
    if bootloader.canBringOut { return }
    try SessionError.wrapping { () throws(DebugError) in try bootloader.start(from: start) }
    condition = .started
  }

  // MARK: - Parts

  func openDevice() throws(SessionError) -> Device {
    switch condition {
    case .started, .broughtOut: throw .unavailable(.bootloaderLeft)
    case .unreached, .lost, .vanished: throw .notOpen
    case .inBootloader: break
    }
    guard let device else { throw .notOpen }
    return device
  }

  /// Refuses whatever read protection forbids.
  func refuseProtected() throws(SessionError) {
    if isReadProtected { throw .plan(.protection(.readProtected(.level1(stored: 0), options: nil))) }
  }

  func limits() throws(SessionError) -> FlashLimits {
    let device = try openDevice()
    try refuseProtected()
    guard let protection else { throw .notOpen }
    return FlashLimits(device: device, protection: protection)
  }

  var reader: FlashReader { FlashReader(access: bootloader, observer: observer) }

  func bytes(at address: UInt32, count: Int) throws(SessionError) -> [UInt8] {
    try SessionError.wrapping { () throws(DebugError) in
      try bootloader.readMemory(at: address, byteCount: count)
    }
  }

  /// The option bytes that the chip stores.
  func storedOptions(_ die: Die) throws(SessionError) -> OptionBytes {
    let layout = OptionLayout(
      die: die, flashByteCount: device?.flashByteCount ?? ChipCatalogue.largestFlash(of: die).byteCount)
    return try SessionError.wrapping { () throws(DebugError) in try OptionBytes.readStoredAtOnce(bootloader, layout) }
  }

  func note(_ condition: CoreCustody.FlashCondition) { flash = condition }

  func note(_ protection: ProtectionState?, isReadProtected: Bool) {
    self.protection = protection
    self.isReadProtected = isReadProtected
    if let map = protection?.options.sectorMap { device?.sectorMap = map }
  }

  /// The chip has reset itself: waits for its bootloader, and says whether it has come back.
  func awaitRestart() throws(SessionError) -> Bool {
    let isBack = try SessionError.wrapping { () throws(DebugError) in try bootloader.reconnect() }
    if !isBack { condition = .lost }
    return isBack
  }
}

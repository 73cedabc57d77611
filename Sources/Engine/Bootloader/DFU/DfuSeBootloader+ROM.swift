import Basics
import Failures
public import LinkInterface

// What every ROM bootloader does, by way of USB.
extension DfuSeBootloader: ROMBootloader {
  var clock: any LinkClock { device.clock }

  func readWord(at address: UInt32) throws(DebugError) -> UInt32 {
    try readMemory(at: address, byteCount: 4).littleEndianWord(at: 0)
  }

  func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    // Option bytes are read as a whole (AN3156, 4.1), and the other small memories may be.
    if let memory = memories.first(where: { $0.contains(address) }), !memory.isInternalFlash,
      let segment = memory.segment(around: address), segment.count <= blockByteCount,
      byteCount <= Int(segment.upperBound - address)
    {
      let offset = Int(address - segment.lowerBound)
      return Array(try readBlock(at: segment.lowerBound, byteCount: segment.count)[offset..<offset + byteCount])
    }
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      bytes += try readBlock(
        at: address + UInt32(bytes.count), byteCount: min(blockByteCount, byteCount - bytes.count))
    }
    return bytes
  }

  func link(identifier: UInt8?, uniqueID: [UInt8]?) -> TargetLink {
    .dfu(
      DFUDescription(
        device: device.identity, memories: memories, blockByteCount: blockByteCount, identifier: identifier,
        uniqueID: uniqueID))
  }

  /// All is read in the end: that costs less than to change between reading and writing.
  var verifiesBlockByBlock: Bool { false }
  func leastMillivolts(of die: Die) -> Int? { die.leastMillivoltsOnUSB }

  /// Many bytes are as quick as few.
  var firstLookByteCount: Int { 256 }

  /// A block is 32 packets at full speed, 19 of which have room in a millisecond (USB 2.0, table 5-9), and three requests.
  var timing: TransferTiming { TransferTiming(access: .nanoseconds(4200), command: .zero) }

  var startingAdvice: Advice { "set BOOT0 high, BOOT1 (PB2) low, and press reset with the USB cable plugged in" }

  // MARK: Ways in and out

  func bringIn() throws(DebugError) {}
  var canBringOut: Bool { false }
  func bringOut() throws(DebugError) {}

  func connect(patience: Duration, whileWaiting: () -> Void) throws(DebugError) { try connect() }

  func reconnect() throws(DebugError) -> Bool {
    do throws(LinkError) {
      // Finds the device that has come back in its place.
      try device.reset()
    } catch {
      guard error.reason == .gone else { throw .transport(error, during: "connecting anew") }
      return false
    }
    try connect()
    return true
  }

  // MARK: The chip

  /// There is no command that tells which chip it is.
  ///
  /// ST's own program reads the debug unit's identity register, which
  /// bootloaders let it; where one does not, the layout of the flash and the bootloader's identifier have to do.
  func recognise(expecting chip: ChipName?) throws(DebugError) -> RecognisedDie {
    let number = try ifNotRefused { () throws(DebugError) in
      UInt16(try readWord(at: ChipFamily.presumed.memory.identityCode) & 0xFFF)
    }
    // What is no number of a chip has not been read as it should be.
    if let number, ChipCatalogue.die(withID: number) != nil || OtherLines.name(ofDeviceID: number) != nil {
      return .number(number)
    }
    if let chip { return .number(chip.type.deviceID) }
    var fitting: [Die] = []
    for die in ChipCatalogue.dies where try mayBe(die) { fitting.append(die) }
    guard let first = fitting.first else { throw .dfu(.notROM(layout), during: "identifying the chip") }
    return .presumed(first, others: Array(fitting.dropFirst()))
  }

  private func mayBe(_ die: Die) throws(DebugError) -> Bool {
    let isSold = ChipCatalogue.types(of: die).contains { $0.flashSize.byteCount == flashByteCount }
    let namesSecondOptions = memories.contains { $0.contains(die.family.memory.optionBytesOfBank2.range.lowerBound) }
    guard die.bootloader.hasUSB, isSold, namesSecondOptions == die.hasSecondBank,
      [false, true].contains(where: { layoutFits(die, isSplit: $0) })
    else { return false }
    guard
      let identifier = try ifNotRefused({ () throws(DebugError) in
        try readMemory(at: die.bootloader.identifierAddress, byteCount: 1)
      })
    else { return true }
    return die.bootloader.identifiers.contains(identifier[0])
  }

  private func layoutFits(_ die: Die, isSplit: Bool) -> Bool {
    guard let flash = memories.first(where: \.isInternalFlash) else { return false }
    let map = DeviceIdentification.sectorMap(of: die, byteCount: flash.byteCount, isSplit: isSplit)
    return map.map { $0.sectors.map(\.range) == flash.sectors } ?? false
  }

  private var flashByteCount: Int { memories.first(where: \.isInternalFlash)?.byteCount ?? 0 }

  private var layout: String {
    memories.isEmpty
      ? "no memory layout" : memories.map { "\($0.name), \($0.byteCount.byteSize)" }.joined(separator: "; ")
  }

  /// What the bootloader says of the flash, where the size register cannot be read.
  var namedFlashByteCount: Int? { flashByteCount == 0 ? nil : flashByteCount }

  /// Refuses sectors that are not those of the chip: what is erased would be something else.
  ///
  /// A name that was cut short tells of the first ones only.
  func check(_ map: SectorMap) throws(DebugError) {
    let named = memories.first(where: \.isInternalFlash)?.sectors ?? []
    if !named.isEmpty, map.sectors.prefix(named.count).map(\.range) == named { return }
    throw .dfu(
      .otherLayout("\(layout), instead of \(map.byteCount.byteSize) in \(map.sectors.count) sectors"),
      during: "looking at the memories")
  }

  /// A loader that has taken the ROM's place names its own sectors as such, and would refuse in the middle of the work.
  func check(_ plan: FlashPlan) throws(DebugError) {
    let changed = plan.erasedSectors.map(\.range) + (plan.blocks + plan.vectorRows).map(\.range)
    let closed = (memories.first(where: \.isInternalFlash)?.runs ?? []).filter { !$0.canBeChanged }.map(\.range)
    guard let first = closed.first(where: { range in changed.contains(where: range.overlaps) }) else { return }
    throw .dfu(.readOnly(first.addresses), during: "planning")
  }

  func objection(to named: DFUFileDevice) -> PlanError? {
    let identity = device.identity
    if named.includes(vendorID: identity.vendorID, productID: identity.productID) { return nil }
    return .forOtherDevice(named, found: identity.idText)
  }

  func readUnlessProtected(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8]? {
    do throws(DebugError) {
      return try readMemory(at: address, byteCount: byteCount)
    } catch {
      guard error.fault?.meaning.category == .protected else { throw error }
      return nil
    }
  }

  /// What something gives; nil where the bootloader refuses it.
  private func ifNotRefused<Value>(_ body: () throws(DebugError) -> Value) throws(DebugError) -> Value? {
    do throws(DebugError) {
      return try body()
    } catch {
      guard error.fault?.kind == .refused else { throw error }
      return nil
    }
  }

  /// Write protection is taken off by option bytes.
  func liftWriteProtection(taking duration: Duration) throws(DebugError) -> Bool { false }

  var isStillThere: Bool { hasStatus }

  func close() { device.close() }
}

extension BootloaderTarget {
  /// Makes a target of a chip in its ROM bootloader on USB; nobody has talked to the device yet.
  public convenience init(
    dfu device: any USBDevice, options: SessionOptions = SessionOptions(),
    observer: @escaping FlashObserver = { _ in }
  ) {
    self.init(
      DfuSeBootloader(device: device, interruption: options.interruption), options: options, observer: observer)
  }
}

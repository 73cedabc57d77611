/// Data accesses and instruction fetches of the core.
extension CortexCore {
  /// Takes the regions that the core may reach without asking the bus, in place of those it had.
  func setFastMemory(_ regions: [FastMemory]) {
    fastMemory = regions
    refreshFastSlots()
  }

  /// Fills the slots from what the bus allows and from what must be seen by the slow path now.
  ///
  /// The slow path does everything that costs time on every access: memory protection, watchpoints, alignment traps.
  func refreshFastSlots() {
    isWatched = protection.isEnabled || watchpoint.isArmed || flashPatch.isArmed || flashPatch.patchesLiterals
    let isDataSlow = isWatched || system.configuration.contains(.trapUnaligned)
    for index in 0..<FastSlots.count {
      slots.data[index] = slots.empty
      slots.code[index] = slots.empty
    }
    for region in fastMemory {
      let index = Int(region.base >> FastMemory.slotBits)
      precondition(slots.data[index].readLimit == 0, "two regions of fast memory in one slot")
      let limit = region.byteCount - 3
      var slot = FastSlot(bytes: region.bytes, base: region.base)
      slot.isDelayed = region.isFlash && accelerator.latency != 0
      if !isDataSlow {
        if slot.isDelayed { slot.delayedLimit = limit } else { slot.readLimit = limit }
        slots.data[index] = slot
        slots.data[index].writeLimit = region.isWritable ? limit : 0
      }
      if !isWatched, region.isExecutable {
        slot.readLimit = limit
        slot.writeLimit = region.isWritable ? limit : 0
        slot.blockLimit = region.byteCount - min(region.byteCount, CodeBlock.byteCount - 1)
        slots.code[index] = slot
      }
    }
    codeGeneration += 1
    writableCode = CodeRange()
  }

  // MARK: Loads and stores

  /// What fast memory holds at an address, extended with zeros; nil elsewhere.
  @inline(__always)
  func quickLoad(_ address: UInt32, _ width: BusWidth) -> UInt32? {
    let slot = slots.data[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.readLimit else { return nil }
    return FastSlot.load(width, slot.bytes + Int(offset))
  }

  /// Stores into fast memory; false elsewhere and where code lies.
  @inline(__always)
  func quickStore(_ address: UInt32, _ value: UInt32, _ width: BusWidth) -> Bool {
    let slot = slots.data[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.writeLimit, !writableCode.contains(slot.bytes + Int(offset)) else { return false }
    FastSlot.store(value, width, slot.bytes + Int(offset))
    return true
  }

  /// Where words lie that fast memory holds; nil elsewhere.
  @inline(__always)
  func quickSource(_ address: UInt32, wordCount: Int) -> UnsafeMutableRawPointer? {
    let slot = slots.data[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    let isInside = UInt64(offset) + 4 * UInt64(wordCount) < UInt64(slot.readLimit) + 4
    return offset < slot.readLimit && isInside ? slot.bytes + Int(offset) : nil
  }

  /// Where words may be stored into fast memory; nil elsewhere and where code lies.
  @inline(__always)
  func quickTarget(_ address: UInt32, wordCount: Int) -> UnsafeMutableRawPointer? {
    let slot = slots.data[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.writeLimit, UInt64(offset) + 4 * UInt64(wordCount) < UInt64(slot.writeLimit) + 4,
      !writableCode.contains(slot.bytes + Int(offset), byteCount: 4 * UInt(wordCount))
    else { return nil }
    return slot.bytes + Int(offset)
  }

  /// Loads a word; `continues` when the instruction has already made another access.
  @inline(__always)
  func load32(_ address: UInt32, continues: Bool = false) throws(CoreFault) -> UInt32 {
    try load(address, .word, continues: continues)
  }

  /// Loads a value, extended with zeros.
  @inline(__always)
  func load(_ address: UInt32, _ width: BusWidth, continues: Bool = false) throws(CoreFault) -> UInt32 {
    guard let value = quickLoad(address, width) else { return try loadElsewhere(address, width, continues: continues) }
    return value
  }

  /// Stores a word; `continues` when the instruction has already made another access.
  @inline(__always)
  func store32(_ address: UInt32, _ value: UInt32, continues: Bool = false) throws(CoreFault) {
    guard quickStore(address, value, .word) else {
      return try storeSlowly(address, value, .word, continues: continues)
    }
  }

  /// Loads what `quickLoad` does not: from flash with wait states, or by the bus.
  @inline(never)
  func loadElsewhere(_ address: UInt32, _ width: BusWidth, continues: Bool = false) throws(CoreFault) -> UInt32 {
    let slot = slots.data[Int(address >> FastMemory.slotBits)]
    let offset = address &- slot.base
    guard offset < slot.delayedLimit else { return try loadSlowly(address, width, continues: continues) }
    cycles &+= accelerator.loadDelay(address)
    return FastSlot.load(width, slot.bytes + Int(offset))
  }

  /// Loads by the bus; an unaligned access is made of aligned ones, as the core's bus interface does it.
  @inline(never)
  func loadSlowly(
    _ address: UInt32, _ width: BusWidth, continues: Bool = false, unprivileged: Bool = false
  ) throws(CoreFault) -> UInt32 {
    if address == steadyRead.address, let value = repeatedRead(width) { return value }
    settle()
    guard address % width.rawValue != 0 else {
      return try access(
        CoreAccess(address: address, width: width, isPrivileged: isPrivileged && !unprivileged), continues: continues)
    }
    try checkUnaligned(address)
    var value: UInt32 = 0
    var done: UInt32 = 0
    while done < width.rawValue {
      let part = Self.alignedPart(address &+ done, width.rawValue - done)
      let piece = try access(
        CoreAccess(address: address &+ done, width: part, isPrivileged: isPrivileged && !unprivileged),
        continues: continues || done > 0)
      value |= piece << (8 * done)
      done += part.rawValue
    }
    return value
  }

  /// Stores by the bus.
  @inline(never)
  func storeSlowly(
    _ address: UInt32, _ value: UInt32, _ width: BusWidth, continues: Bool = false, unprivileged: Bool = false
  ) throws(CoreFault) {
    settle()
    let isPrivileged = isPrivileged && !unprivileged
    guard address % width.rawValue != 0 else {
      _ = try access(
        CoreAccess(address: address, width: width, isPrivileged: isPrivileged, written: value), continues: continues)
      return
    }
    try checkUnaligned(address)
    var done: UInt32 = 0
    while done < width.rawValue {
      let part = Self.alignedPart(address &+ done, width.rawValue - done)
      _ = try access(
        CoreAccess(
          address: address &+ done, width: part, isPrivileged: isPrivileged, written: value >> (8 * done)),
        continues: continues || done > 0)
      done += part.rawValue
    }
  }

  private static func alignedPart(_ address: UInt32, _ rest: UInt32) -> BusWidth {
    address % 2 == 0 && rest >= 2 ? .halfword : .byte
  }

  /// Unaligned accesses trap when CCR says so, and always on the private peripheral bus, which is strongly ordered.
  private func checkUnaligned(_ address: UInt32) throws(CoreFault) {
    if system.configuration.contains(.trapUnaligned) || Self.isPrivatePeripheral(address) {
      throw .usage(.unaligned)
    }
  }

  /// Raises the fault of instructions that never take unaligned addresses.
  @inline(__always)
  func requireAlignment(_ address: UInt32, _ bytes: UInt32 = 4) throws(CoreFault) {
    if address & (bytes - 1) != 0 { throw .usage(.unaligned) }
  }

  @inline(__always)
  static func isPrivatePeripheral(_ address: UInt32) -> Bool { address >> 20 == 0xE00 }

  /// The answer that a register still gives to the instruction that R15 names.
  private func repeatedRead(_ width: BusWidth) -> UInt32? {
    guard width == .word, cyclesBehindInstruction < steadyRead.end else { return nil }
    cycles &+= steadyRead.extraCycles
    return steadyRead.value
  }

  // MARK: Aligned accesses

  /// Makes one aligned data access: protection, private peripherals, bit-band alias, bus, watchpoints.
  func access(_ access: CoreAccess, continues: Bool) throws(CoreFault) -> UInt32 {
    if isWatched, protection.isEnabled, !protection.allows(access, negativePriority: executionPriority < 0) {
      throw .fault([.dataAccess, .memoryAddressValid], address: access.address)
    }
    if Self.isPrivatePeripheral(access.address), !access.isPrivileged {
      guard Self.isStimulusPort(access.address) else { throw preciseFault(access.address) }
      // A port that is closed reads as zero and ignores writes.
      guard trace.instrumentation.isOpen(toUnprivileged: Int(access.address & 0x7F) / 4) else { return 0 }
    }
    let value = try perform(access, continues: continues)
    if isWatched, watchpoint.isArmed, watchpoint.noteMatch(access, value: value, by: registers[15] &- 4) {
      debug.isWatchpointHit = true
      requestAttention()
    }
    return value
  }

  private func perform(_ access: CoreAccess, continues: Bool) throws(CoreFault) -> UInt32 {
    if watch.isOn, let value = access.written { noteStore(value, at: access.address, access.width) }
    while true {
      switch transfer(access) {
      case .done(let value, let extra):
        noteSteadiness(access, value, extra)
        cycles &+= UInt64(extra)
        if access.written == nil, accelerator.delays(access.address) {
          cycles &+= accelerator.loadDelay(access.address)
        }
        return value
      case .fault: throw preciseFault(access.address)
      case .stalled(let end):
        // Once an instruction has changed something it cannot start over: the core waits here.
        guard continues else { throw .stalled(until: end) }
        cycles = max(cycles + 1, timeBase.cycle(at: end))
      }
    }
  }

  /// Remembers a register's value as long as the bus promises it; a write ends every promise.
  private func noteSteadiness(_ access: CoreAccess, _ value: UInt32, _ extra: UInt32) {
    steadyRead.end = 0
    if watch.isOn {
      if access.written == nil { noteLoad(access.address, value) }
      return
    }
    let isPlainRead = access.written == nil && access.width == .word && !isWatched
    guard isPlainRead, let end = bus.steadyEnd(access.address) else { return }
    steadyRead = SteadyRead(
      address: access.address, value: value, extraCycles: UInt64(extra),
      end: timeBase.cycle(at: min(end, runEnd)))
  }

  private func transfer(_ access: CoreAccess) -> BusAnswer {
    // Whatever it reaches may change memory.
    codeGeneration += 1
    if Self.isPrivatePeripheral(access.address), !Self.isChipsDebugBlock(access.address) {
      guard let value = access.written else {
        return readPrivatePeripheral(access.address, access.width, by: .coreData)
      }
      // What enables and disables interrupts matters only where one waits: USB stacks do it in every turn of their loops.
      let isEnabling = (0xE000_E100..<0xE000_E200).contains(access.address)
      defer { if !isEnabling || interrupts.pending & interrupts.enabled != 0 { requestAttention() } }
      return writePrivatePeripheral(access.address, value, access.width, by: .coreData)
    }
    guard let value = access.written else {
      let address = isWatched ? flashPatch.literalAddress(access.address) : access.address
      return bus.read(address, access.width, by: .coreData)
    }
    return bus.write(access.address, value, access.width, by: .coreData)
  }

  /// What the chip's maker has put onto the private peripheral bus behind TPIU and ETM: DBGMCU.
  private static func isChipsDebugBlock(_ address: UInt32) -> Bool { address >> 10 == 0xE004_2000 >> 10 }

  private func preciseFault(_ address: UInt32) -> CoreFault {
    .fault([.preciseBus, .busAddressValid], address: address)
  }

  // MARK: Instruction fetch

  /// Fetches the instruction at an address by the bus: a 16-bit one in the low half of the result, a 32-bit one with
  /// its first halfword in the high half.
  @inline(never)
  func fetchSlowly(_ address: UInt32) throws(CoreFault) -> UInt32 {
    let first = try fetchHalfword(address)
    guard Decoder.isWide(first) else { return first }
    return first << 16 | (try fetchHalfword(address &+ 2))
  }

  private func fetchHalfword(_ address: UInt32) throws(CoreFault) -> UInt32 {
    let access = CoreAccess(address: address, width: .halfword, isPrivileged: isPrivileged, isFetch: true)
    if protection.isEnabled
      ? !protection.allows(access, negativePriority: executionPriority < 0)
      : MemoryProtection.isNeverExecutable(address)
    {
      throw .fault(.instructionAccess, address: nil)
    }
    var source = address
    if case .remapped(let word) = flashPatch.match(address) { source = word | address & 2 }
    switch bus.read(source, .halfword, by: .coreFetch) {
    case .done(let value, let extra):
      cycles &+= UInt64(extra)
      return value
    case .fault: throw .fault(.instructionBus, address: nil)
    case .stalled(let end): throw .stalled(until: end)
    }
  }
}

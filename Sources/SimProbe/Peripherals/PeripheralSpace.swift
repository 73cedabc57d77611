/// The peripherals' address space: which block an access belongs to, and the registers of those that are modelled.
///
/// An access to a register that exists and is not modelled reads zero or does nothing, and is kept in a list; so does
/// and is an access to a peripheral without its clock.
final class PeripheralSpace {
  /// Accesses to registers that are not modelled, in the order of their first occurrence.
  private(set) var unmodelledAccesses: [UnmodelledAccess] = []
  /// The time of something that will happen earlier than `nextEvent` said before.
  let eventMovedUp = Signal<UInt64>()
  /// RCC, which gives the peripherals their clocks.
  var clocks: ResetAndClockControl?
  /// Who knows the instruction that is accessing.
  weak var executing: (any InstructionSource)?

  /// A peripheral at its place.
  private struct Slot {
    let peripheral: any Peripheral
    let base: UInt32
    /// What clocks and resets it; nil for what always has its clock.
    let gate: ClockGate?
    /// The clock that it counts; nil for what counts none.
    let branch: ClockTree.Branch?
    /// Whether it goes on while the chip's clocks stand still.
    let runsInStop: Bool
  }

  private let blocks: PeripheralBlocks
  private var slots: [Slot] = []
  /// Since when the chip's clocks have stood still; nil while they run.
  private var stopBegin: UInt64?
  /// The position in `slots` by KiB, for the two regions in which peripherals lie close; -1 for none.
  private var positions = [Int](repeating: -1, count: 2 << 10)
  /// The position in `slots` by base address.
  private var positionsByBase: [UInt32: Int] = [:]
  /// What `nextEvent` found; valid until something changes.
  private var knownNextEvent: UInt64?
  private var isNextEventKnown = false
  /// Where the peripherals are that stand still.
  private var frozenBases: Set<UInt32> = []

  /// Makes a space that nothing is attached to.
  init(_ blocks: PeripheralBlocks) {
    self.blocks = blocks
  }

  /// Puts a modelled peripheral at its base address.
  ///
  /// - Parameters:
  ///   - branch: the clock that it counts; nil for that of the gate's bus.
  ///   - runsInStop: whether it goes on while the chip's clocks stand still.
  func attach(
    _ peripheral: any Peripheral, at base: UInt32, gate: ClockGate? = nil, branch: ClockTree.Branch? = nil,
    runsInStop: Bool = false
  ) {
    positionsByBase[base] = slots.count
    for kilobyte in 0..<(blocks.containing(base)?.kilobytes ?? 0) {
      if let place = Self.place(of: base + kilobyte << 10) { positions[place] = slots.count }
    }
    slots.append(
      Slot(
        peripheral: peripheral, base: base, gate: gate, branch: branch ?? gate?.bus.branch, runsInStop: runsInStop))
    isNextEventKnown = false
  }

  /// Where an address stands in `positions`; nil outside the first MiB from 0x4000_0000 and from 0x5000_0000.
  private static func place(of address: UInt32) -> Int? {
    let distance = address & 0x0FFF_FFFF
    guard distance < 1 << 20, address >> 29 == 0b010 else { return nil }
    return Int(address >> 28 & 1) << 10 | Int(distance >> 10)
  }

  /// What lies at an address.
  private func slot(at address: UInt32) -> Slot? {
    if let place = Self.place(of: address) {
      return positions[place] >= 0 ? slots[positions[place]] : nil
    }
    return blocks.containing(address).flatMap { positionsByBase[$0.base] }.map { slots[$0] }
  }

  // MARK: Accesses

  /// Reads a register; a bus error outside every block.
  func read(_ address: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    guard let slot = slot(at: address) else { return unmodelled(address, width, nil) }
    guard hasClock(slot) else { return unmodelled(address, width, nil, .noClock) }
    let now = slot.runsInStop ? now : stopBegin ?? now
    slot.peripheral.advance(to: now)
    guard let value = slot.peripheral.read(address - slot.base, width, now: now) else {
      return unmodelled(address, width, nil)
    }
    if !slot.peripheral.hasFunction { note(slot.peripheral.name, address, width, value: nil, .noFunction) }
    eventsChanged(of: slot.peripheral)
    return .done(value, cycles: 1)
  }

  /// Writes a register; a bus error outside every block.
  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    guard let slot = slot(at: address) else { return unmodelled(address, width, value) }
    guard hasClock(slot) else { return unmodelled(address, width, value, .noClock) }
    let now = slot.runsInStop ? now : stopBegin ?? now
    slot.peripheral.advance(to: now)
    let offset = address - slot.base
    guard slot.peripheral.write(offset, value, width, now: now) else {
      return unmodelled(address, width, value)
    }
    if !slot.peripheral.hasFunction { note(slot.peripheral.name, address, width, value: value, .noFunction) }
    eventsChanged(of: slot.peripheral)
    return .done(0, cycles: slot.peripheral.cycles(ofWriteTo: offset))
  }

  /// Whether reading a register changes nothing, and gives the same until the next event or write.
  func isSteady(_ address: UInt32) -> Bool {
    guard let slot = slot(at: address), hasClock(slot) else { return false }
    let offset = (address - slot.base) & ~0b11
    return slot.peripheral.registers.contains(offset) && slot.peripheral.isSteady(offset)
  }

  /// Whether writing a value to a register would change nothing now, however often.
  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool {
    guard let slot = slot(at: address), hasClock(slot) else { return false }
    let offset = address - slot.base
    return slot.peripheral.takes(width, at: offset) && slot.peripheral.absorbs(value, at: offset)
  }

  private func hasClock(_ slot: Slot) -> Bool { isClocked(slot.gate) }

  /// Whether what a gate is for has its clock.
  func isClocked(_ gate: ClockGate?) -> Bool { gate.map { clocks?.isClocked($0) ?? true } ?? true }

  private func unmodelled(
    _ address: UInt32, _ width: BusWidth, _ value: UInt32?, _ reason: UnmodelledAccess.Reason = .noModel
  ) -> BusAnswer {
    guard let block = blocks.containing(address) else { return nothing(address, width, value) }
    note(block.name, address, width, value: value, reason)
    return .done(0, cycles: 1)
  }

  /// Counts a program's access to nothing, which faults; a debugger's is an answer that it asked for.
  func nothing(_ address: UInt32, _ width: BusWidth, _ value: UInt32?) -> BusAnswer {
    // A core without a program, whose vectors are ones, stacks into nowhere before it locks up.
    if let instruction = executing?.executingAddress, instruction < 0xE000_0000 {
      note(nil, address, width, value: value, .nothingThere)
    }
    return .fault
  }

  /// Counts an access that is not modelled.
  func note(
    _ name: String?, _ address: UInt32, _ width: BusWidth, value: UInt32?, _ reason: UnmodelledAccess.Reason = .noModel
  ) {
    let known = unmodelledAccesses.firstIndex {
      $0.reason == reason
        && (reason == .noFunction
          ? $0.peripheral == name : $0.address == address && ($0.value == nil) == (value == nil))
    }
    if let known {
      unmodelledAccesses[known].count += 1
    } else {
      unmodelledAccesses.append(
        UnmodelledAccess(
          peripheral: name, address: address, byteCount: Int(width.rawValue), value: value, reason: reason,
          programCounter: executing?.executingAddress, count: 1))
    }
  }

  // MARK: Time

  /// The next time at which something happens in a peripheral by itself.
  var nextEvent: UInt64? {
    if !isNextEventKnown {
      knownNextEvent = runningSlots.compactMap(\.peripheral.nextEvent).min()
      isNextEventKnown = true
    }
    return knownNextEvent
  }

  /// Lets everything happen that is due.
  func advance(to now: UInt64) {
    while let next = nextEvent, next <= now {
      for slot in runningSlots where slot.peripheral.nextEvent.map({ $0 <= next }) ?? false {
        slot.peripheral.advance(to: next)
      }
      isNextEventKnown = false
      // A peripheral that is not done with an event at its time would be asked for ever.
      guard let later = nextEvent, later <= next else { continue }
      preconditionFailure("an event that does not pass")
    }
  }

  private var runningSlots: [Slot] { stopBegin == nil ? slots : slots.filter(\.runsInStop) }

  /// The chip's clocks stand still from now on, but for what runs on clocks of its own.
  func stopClocks(now: UInt64) {
    for slot in slots where !slot.runsInStop { slot.peripheral.advance(to: now) }
    stopBegin = now
    isNextEventKnown = false
  }

  /// The chip's clocks run again.
  func resumeClocks(now: UInt64) {
    guard let begin = stopBegin else { return }
    stopBegin = nil
    for slot in slots where !slot.runsInStop { slot.peripheral.postpone(by: now - begin) }
    isNextEventKnown = false
    if let next = nextEvent { eventMovedUp.send(next) }
  }

  /// Something has changed a peripheral's events from outside.
  func eventsChanged(of peripheral: any Peripheral) {
    let next = peripheral.nextEvent
    if let next, let known = knownNextEvent, isNextEventKnown, next >= known { return }
    isNextEventKnown = isNextEventKnown && next == knownNextEvent
    if let next { eventMovedUp.send(next) }
  }

  /// The clock tree has changed.
  func clocksChanged(to tree: ClockTree, now: UInt64) {
    for slot in slots {
      guard let branch = slot.branch else { continue }
      slot.peripheral.advance(to: now)
      slot.peripheral.clockChanged(to: tree[branch], now: now)
    }
    isNextEventKnown = false
    if let next = nextEvent { eventMovedUp.send(next) }
  }

  /// Keeps the peripherals at some base addresses still, and lets the others go on.
  func freeze(_ bases: Set<UInt32>, now: UInt64) {
    guard bases != frozenBases else { return }
    frozenBases = bases
    for slot in slots { slot.peripheral.freeze(bases.contains(slot.base), now: now) }
    isNextEventKnown = false
    if let next = nextEvent { eventMovedUp.send(next) }
  }

  // MARK: Reset

  /// A system reset of every modelled peripheral, in the order in which they were attached.
  func reset(now: UInt64) {
    for slot in slots { slot.peripheral.reset(now: now) }
    isNextEventKnown = false
  }

  /// Resets the peripherals that RCC's reset bits name.
  func reset(on bus: PeripheralBus, bits: UInt32, now: UInt64) {
    for slot in slots {
      guard let gate = slot.gate, gate.bus == bus, gate.reset & bits != 0 else { continue }
      slot.peripheral.reset(now: now)
    }
    isNextEventKnown = false
  }
}

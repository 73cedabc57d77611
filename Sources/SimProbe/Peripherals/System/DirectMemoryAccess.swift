/// A DMA controller: eight streams, memory to memory or on the requests of peripherals (RM0090, 10.3).
///
/// A transfer between memories happens as a whole when it ends; one item of a peripheral's transfer follows each request.
/// The FIFO, bursts and priorities show in no result and are not modelled.
final class DirectMemoryAccess: Peripheral {
  let name: String
  let registers = RegisterFile(RegisterTable.directMemoryAccess.registers)
  /// The streams' interrupts.
  let interrupts = (0..<DirectMemoryAccess.streamCount).map { _ in Line() }

  private static let lowClear: UInt32 = 0x08
  private static let highClear: UInt32 = 0x0C
  private static let streamCount = 8
  /// What one item costs in HCLK periods: two accesses and the arbitration between them (RM0090, 10.3.7).
  private static let itemPeriods: UInt64 = 6

  private enum Direction: UInt32 {
    case peripheralToMemory = 0
    case memoryToPeripheral = 1
    case memoryToMemory = 2
  }

  /// What a stream is to do next, and the channels on which requests are up.
  private struct Stream {
    var due: UInt64?
    var requests: UInt32 = 0
    var itemCount: UInt32 = 0
    var done: UInt32 = 0
  }

  private var streams = [Stream](repeating: Stream(), count: DirectMemoryAccess.streamCount)
  private var hertz = ClockTree.reset.ahb
  private let copiesMemory: Bool
  private unowned let bus: BusMatrix

  /// - Parameters:
  ///   - bus: what the controller is a master of; whoever made the controller keeps it.
  ///   - copiesMemory: whether the controller can copy between memories: the second one.
  init(_ name: String, bus: BusMatrix, copiesMemory: Bool) {
    self.name = name
    self.bus = bus
    self.copiesMemory = copiesMemory
  }

  // MARK: Time

  var nextEvent: UInt64? { streams.compactMap(\.due).min() }

  func isSteady(_ offset: UInt32) -> Bool { true }

  func advance(to now: UInt64) {
    for index in streams.indices {
      guard let due = streams[index].due, due <= now else { continue }
      streams[index].due = nil
      if direction(index) == .memoryToMemory {
        while isEnabled(index), moveItem(index, due) {}
      } else {
        _ = moveItem(index, due)
        plan(index, due)
      }
    }
    updateInterrupts()
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) {
    for index in streams.indices { streams[index].due = streams[index].due.map { $0 + nanoseconds } }
  }

  /// A peripheral raises or lowers its request on a stream's channel.
  func request(stream: Int, channel: UInt32, isUp: Bool, now: UInt64) {
    let bit: UInt32 = 1 << channel
    streams[stream].requests = isUp ? streams[stream].requests | bit : streams[stream].requests & ~bit
    plan(stream, now)
  }

  // MARK: Registers

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.lowClear, Self.highClear: registers[offset - 8] &= ~written
    case 0x10... where (offset - 0x10) % 0x18 == 0:
      let index = Int((offset - 0x10) / 0x18)
      if registers[offset] & ~old & 1 != 0 { start(index, now) }
      if ~registers[offset] & old & 1 != 0 { stop(index, flags: 1 << 5) }
    default: break
    }
    updateInterrupts()
  }

  func reset(now: UInt64) {
    registers.reset()
    for index in streams.indices { streams[index] = Stream(requests: streams[index].requests) }
    updateInterrupts()
  }

  // MARK: Streams

  private func control(_ index: Int) -> UInt32 { 0x10 + UInt32(index) * 0x18 }
  private func isEnabled(_ index: Int) -> Bool { registers[control(index)] & 1 != 0 }
  private func direction(_ index: Int) -> Direction? {
    Direction(rawValue: registers[control(index)] >> 6 & 0b11)
  }

  private func start(_ index: Int, _ now: UInt64) {
    streams[index].itemCount = registers[control(index) + 4]
    streams[index].done = 0
    guard streams[index].itemCount > 0, direction(index) != .memoryToMemory || copiesMemory else {
      return registers[control(index)] &= ~1
    }
    plan(index, now)
  }

  /// Sets the time of a stream's next item or, between memories, of its end.
  private func plan(_ index: Int, _ now: UInt64) {
    let word = registers[control(index)]
    guard word & 1 != 0, streams[index].due == nil, hertz > 0 else { return }
    var items: UInt64 = 1
    if direction(index) == .memoryToMemory {
      items = UInt64(streams[index].itemCount)
    } else if streams[index].requests & 1 << (word >> 25 & 0b111) == 0 {
      return
    }
    streams[index].due = now + items * Self.itemPeriods * 1_000_000_000 / hertz
  }

  private func stop(_ index: Int, flags: UInt32) {
    registers[control(index)] &= ~1
    streams[index].due = nil
    raise(flags, index)
  }

  /// Moves one item; false when the stream has ended or a bus error stopped it.
  private func moveItem(_ index: Int, _ now: UInt64) -> Bool {
    let (base, stream) = (control(index), streams[index])
    let word = registers[base]
    guard word & 1 != 0, let width = BusWidth(rawValue: 1 << (word >> 11 & 0b11)) else { return false }
    let step = stream.done * width.rawValue
    let peripheral = registers[base + 8] &+ (word & 1 << 9 != 0 ? step : 0)
    let memory = registers[base + 12] &+ (word & 1 << 10 != 0 ? step : 0)
    let toPeripheral = direction(index) == .memoryToPeripheral
    let (source, target) = toPeripheral ? (memory, peripheral) : (peripheral, memory)
    guard copy(source, to: target, width, now) else {
      stop(index, flags: 1 << 3)
      return false
    }
    streams[index].done += 1
    registers[base + 4] -= 1
    if streams[index].done == (stream.itemCount + 1) / 2 { raise(1 << 4, index) }
    guard registers[base + 4] == 0 else { return true }
    if word & 1 << 8 != 0, direction(index) != .memoryToMemory {
      streams[index].done = 0
      registers[base + 4] = stream.itemCount
      raise(1 << 5, index)
      return true
    }
    stop(index, flags: 1 << 5)
    return false
  }

  /// Reads an item and writes it; false for a bus error.
  private func copy(_ source: UInt32, to target: UInt32, _ width: BusWidth, _ now: UInt64) -> Bool {
    bus.directAccessTime = now
    guard case .done(let value, _) = bus.read(source, width, by: .dma),
      case .done = bus.write(target, value, width, by: .dma)
    else { return false }
    return true
  }

  // MARK: Flags

  /// The position of a stream's five flags in LISR or HISR.
  private func flagShift(_ index: Int) -> UInt32 { [0, 6, 16, 22][index % 4] }

  private func raise(_ flags: UInt32, _ index: Int) {
    registers[index < 4 ? 0x00 : 0x04] |= flags << flagShift(index)
  }

  private func updateInterrupts() {
    for (index, interrupt) in interrupts.enumerated() {
      let flags = registers[index < 4 ? 0x00 : 0x04] >> flagShift(index)
      let word = registers[control(index)]
      // TCIE, HTIE, TEIE and DMEIE stand one bit below their flags.
      interrupt.drive(flags & (word & 0x1E) << 1 != 0)
    }
  }
}

/// FSMC or FMC: its registers, and the SRAM and SDRAM that a board has behind it (RM0090, 36 and 37; RM0033, 31).
///
/// NAND flash, PC cards, NOR flash and multiplexed memories are not modelled: their registers keep what is written.
final class ExternalMemoryController: Peripheral {
  let name: String
  let registers: RegisterFile
  /// What the board has; a controller with nothing behind it does nothing.
  private(set) var memories: [Memory] = []
  /// Whether SYSCFG has SDRAM and NAND/PC card change places (SYSCFG_MEMRMP.SWP_FMC).
  var areBanksSwapped = false
  /// Whether all pins of a list are alternate function 12.
  var areConnected: ([PinName]) -> Bool = { _ in true }
  /// An access found a memory that does not answer.
  let foundNotReady = Signal<(address: UInt32, width: BusWidth, value: UInt32?, name: String)>()

  var hasFunction: Bool { !memories.isEmpty }

  /// A memory, and what it holds.
  final class Memory {
    let model: ExternalMemoryModel
    /// What the chip itself knows, if it is an SDRAM.
    fileprivate(set) var dynamic = DynamicMemory()
    /// Whether the controller gives it its clock.
    fileprivate var isClocked = false
    private var cellsOrNone: MemoryRegion?
    private var seed: UInt64

    init(_ model: ExternalMemoryModel, seed: UInt64) {
      self.model = model
      self.seed = seed
    }

    /// The cells, which hold what chance left there.
    var cells: MemoryRegion {
      if let cells = cellsOrNone { return cells }
      let cells = MemoryRegion(byteCount: model.byteCount, filledWith: 0)
      var random = ChipRandom(seed: seed)
      cells.randomize(with: &random)
      cellsOrNone = cells
      return cells
    }

    /// The supply has gone and come back.
    func loseSupply() {
      cellsOrNone = nil
      seed &+= 0x9E37_79B9_7F4A_7C15
      dynamic = DynamicMemory()
      isClocked = false
    }
  }

  init(_ name: String, _ table: RegisterTable) {
    self.name = name
    registers = RegisterFile(table.registers)
  }

  /// Puts memories behind the controller.
  func connect(_ models: [ExternalMemoryModel], seed: UInt64) {
    memories = models.enumerated().map { Memory($0.element, seed: seed &+ UInt64($0.offset)) }
  }

  /// Whether the controller is one for memories of this kind.
  func canReach(_ model: ExternalMemoryModel) -> Bool {
    model.dynamicBank == nil || registers.contains(Self.dynamicControl)
  }

  /// The board's supply has come.
  func loseSupply() {
    for memory in memories { memory.loseSupply() }
  }

  // MARK: Registers

  private static let chipSelectControl: UInt32 = 0x00
  private static let chipSelectTiming: UInt32 = 0x04
  private static let dynamicControl: UInt32 = 0x140
  private static let dynamicTiming: UInt32 = 0x148
  private static let commandMode: UInt32 = 0x150
  private static let dynamicStatus: UInt32 = 0x158

  func isSteady(_ offset: UInt32) -> Bool { true }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    guard offset == Self.commandMode, registers.contains(offset) else { return }
    guard let command = DynamicMemory.Command(rawValue: written & 0b111) else { return }
    for bank in 1...2 where written & (bank == 1 ? 1 << 4 : 1 << 3) != 0 {
      noteMode(command, ofBank: bank)
      guard registers[dynamicControl(ofBank: 1)] >> 10 & 0b11 >= 2 else { continue }
      for memory in memories where memory.model.dynamicBank == bank && areConnected(memory.model.pins) {
        if command == .enableClock { memory.isClocked = true }
        guard memory.isClocked else { continue }
        memory.dynamic.take(command, times: Int(written >> 5 & 0xF) + 1, mode: written >> 9 & 0x1FFF)
      }
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    // The controller gives no clock any more; the chips keep what they were told.
    for memory in memories { memory.isClocked = false }
  }

  /// SDSR.MODES1 and MODES2.
  private func noteMode(_ command: DynamicMemory.Command, ofBank bank: Int) {
    let mode: UInt32 =
      switch command {
      case .selfRefresh: 0b01
      case .powerDown: 0b10
      default: 0b00
      }
    let shift: UInt32 = bank == 1 ? 1 : 3
    registers[Self.dynamicStatus] = registers[Self.dynamicStatus] & ~(0b11 << shift) | mode << shift
  }

  private func dynamicControl(ofBank bank: Int) -> UInt32 { Self.dynamicControl + UInt32(bank - 1) * 4 }

  // MARK: Accesses

  /// Reads memory.
  func readMemory(_ address: UInt32, _ width: BusWidth) -> BusAnswer { access(address, width, nil) }

  /// Writes memory.
  func writeMemory(_ address: UInt32, _ value: UInt32, _ width: BusWidth) -> BusAnswer { access(address, width, value) }

  private func access(_ address: UInt32, _ width: BusWidth, _ value: UInt32?) -> BusAnswer {
    // In the upper half bit 30 tells SDRAM from NAND flash and PC card.
    let place = areBanksSwapped && address >> 31 == 1 ? address ^ 1 << 30 : address
    let offset = place & 0x0FFF_FFFF
    switch place >> 28 {
    case 0x6: return accessFixed(address, offset, width, value)
    case 0xC: return accessDynamic(1, address, offset, width, value)
    case 0xD: return accessDynamic(2, address, offset, width, value)
    default: return .fault
    }
  }

  /// Bank 1 has four chip selects of 64 MiB.
  private func accessFixed(_ address: UInt32, _ offset: UInt32, _ width: BusWidth, _ value: UInt32?) -> BusAnswer {
    let select = Int(offset >> 26) + 1
    let control = registers[Self.chipSelectControl + UInt32(select - 1) * 8]
    // MBKEN; WREN: what a bank that is not enabled, or not for writing, is asked for ends in a bus error (RM0090, 36.3).
    guard control & 1 != 0, value == nil || control & 1 << 12 != 0 else { return .fault }
    let timing = registers[Self.chipSelectTiming + UInt32(select - 1) * 8]
    // ADDSET and DATAST, and the controller's own cycles (RM0090, 36.5.4, mode 1).
    let cycles = (timing & 0xF) + (timing >> 8 & 0xFF) + (value == nil ? 3 : 2)
    let memory = memories.first { $0.model.select == select && areConnected($0.model.pins) }
    let lanes: UInt32 = 1 << (control >> 4 & 0b11)
    // MUXEN: the memories of the catalogue take no addresses from their data lines.
    guard let memory, control & 0b10 == 0 else { return silence(address, width, value, cycles) }
    let offset = offset & 0x03FF_FFFF
    return move(memory, width, value, cycles: cycles * max(1, width.rawValue / lanes)) { byte in
      let (unit, lane) = ((offset + byte) / lanes, (offset + byte) % lanes)
      guard lane < memory.model.lanes else { return nil }
      // Address lines that the chip does not have change nothing.
      return Int(unit * memory.model.lanes + lane) % memory.model.byteCount
    }
  }

  private func accessDynamic(
    _ bank: Int, _ address: UInt32, _ offset: UInt32, _ width: BusWidth, _ value: UInt32?
  ) -> BusAnswer {
    guard registers.contains(Self.dynamicControl) else { return .fault }
    let control = registers[dynamicControl(ofBank: bank)]
    let shape = DynamicShape(control)
    // WP, and addresses beyond what the controller was told of, end in a bus error (RM0090, 37.7.3).
    guard value == nil || control & 1 << 9 == 0, offset < shape.byteCount else { return .fault }
    let period = registers[dynamicControl(ofBank: 1)] >> 10 & 0b11
    let memory = memories.first { $0.model.dynamicBank == bank }
    guard let memory, case .dynamic(_, let rowBits, let columnBits, let bankBits) = memory.model.kind,
      memory.isClocked, period >= 2, memory.dynamic.isReady(latency: control >> 7 & 0b11)
    else { return silence(address, width, value, 4) }
    let timing = registers[Self.dynamicTiming + UInt32(bank - 1) * 4]
    let place = shape.place(of: offset)
    // Assumed: TRP and TRCD of a row that is not open, the latency of a read, two clocks of the controller.
    var clocks = value == nil ? (control >> 7 & 0b11) + 2 : 1
    if memory.dynamic.opens(row: place.row, of: place.bank) {
      clocks += (timing >> 20 & 0xF) + (timing >> 24 & 0xF) + 2
    }
    return move(memory, width, value, cycles: clocks * period) { byte in
      let place = shape.place(of: offset + byte)
      guard place.lane < memory.model.lanes else { return nil }
      let column = place.column & (1 << columnBits - 1)
      let row = place.row & (1 << rowBits - 1)
      let unit = (place.bank & (1 << bankBits - 1)) << (rowBits + columnBits) | row << columnBits | column
      return Int(unit * memory.model.lanes + place.lane)
    }
  }

  /// Moves the bytes of an access, each by its index among the cells; nil where no wire leads anywhere, which reads ones.
  private func move(
    _ memory: Memory, _ width: BusWidth, _ value: UInt32?, cycles: UInt32, _ index: (UInt32) -> Int?
  ) -> BusAnswer {
    var result: UInt32 = 0
    for byte in 0..<width.rawValue {
      let cell = index(byte)
      if let value {
        if let cell { memory.cells.store(value >> (8 * byte), .byte, at: cell) }
      } else {
        result |= (cell.map { memory.cells.load(.byte, at: $0) } ?? 0xFF) << (8 * byte)
      }
    }
    return .done(result, cycles: cycles)
  }

  /// Nobody answers: reads find what floats, here ones, and writes go nowhere.
  private func silence(_ address: UInt32, _ width: BusWidth, _ value: UInt32?, _ cycles: UInt32) -> BusAnswer {
    foundNotReady.send((address, width, value, name))
    return .done(width == .word ? .max : 1 << (8 * width.rawValue) - 1, cycles: cycles)
  }
}

/// How SDCR cuts an offset into lane, column, row and internal bank (RM0090, 37.7.3, "SDRAM address mapping").
private struct DynamicShape {
  private let laneBits: UInt32
  private let columnBits: UInt32
  private let rowBits: UInt32
  private let bankBits: UInt32

  init(_ control: UInt32) {
    laneBits = min(control >> 4 & 0b11, 2)
    columnBits = 8 + control & 0b11
    rowBits = 11 + min(control >> 2 & 0b11, 2)
    bankBits = control & 1 << 6 == 0 ? 1 : 2
  }

  var byteCount: UInt32 { 1 << (laneBits + columnBits + rowBits + bankBits) }

  func place(of offset: UInt32) -> (lane: UInt32, column: UInt32, row: UInt32, bank: UInt32) {
    let unit = offset >> laneBits
    return (
      offset & (1 << laneBits - 1), unit & (1 << columnBits - 1), unit >> columnBits & (1 << rowBits - 1),
      unit >> (columnBits + rowBits) & (1 << bankBits - 1)
    )
  }
}

extension ExternalMemoryModel {
  /// The SDRAM bank; nil for another kind.
  fileprivate var dynamicBank: Int? {
    if case .dynamic(let bank, _, _, _) = kind { bank } else { nil }
  }

  /// The chip select; nil for another kind.
  fileprivate var select: Int? {
    if case .fixed(let select, _) = kind { select } else { nil }
  }
}

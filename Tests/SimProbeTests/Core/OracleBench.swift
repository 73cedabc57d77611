@testable import SimProbe

/// A core with the memory that the vectors assume: code at 0x0800_0000 and RAM at 0x2000_0000, filled with a pattern.
final class OracleBench: SystemBus {
  private(set) lazy var core = CortexCore(profile: profile, bus: self, clock: VirtualClock())
  private let code = UnsafeMutableRawPointer.allocate(byteCount: codeSize, alignment: 4)
  private let ram = UnsafeMutableRawPointer.allocate(byteCount: ramSize, alignment: 4)
  private let pristine = (0..<codeSize).map { UInt8(truncatingIfNeeded: ($0 * 73 + 41) ^ ($0 >> 8) * 29) }
  private let profile: CoreProfile
  private let usesFastMemory: Bool
  /// Whether instructions that do not branch are executed as part of a block.
  private let usesBlocks: Bool

  private static let codeBase: UInt32 = 0x0800_0000
  private static let codeSize = 0x1_0000
  private static let ramBase: UInt32 = 0x2000_0000
  private static let ramSize = 0x4000

  init(_ profile: CoreProfile, fastMemory: Bool, blocks: Bool = false) {
    usesBlocks = blocks
    self.profile = profile
    usesFastMemory = fastMemory
    for (offset, byte) in pristine.enumerated() {
      code.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
      if offset < Self.ramSize { ram.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self) }
    }
  }

  deinit {
    code.deallocate()
    ram.deallocate()
  }

  /// Starts the core, ready for vectors.
  func start() {
    core.powerOnReset()
    core.releaseReset()
    core.state = .running
    core.system.coprocessorAccess = profile.hasFloatingPoint ? 0x00F0_0000 : 0
    guard usesFastMemory else { return }
    core.setFastMemory([
      FastMemory(
        base: Self.codeBase, bytes: code, byteCount: UInt32(Self.codeSize), isWritable: false, isExecutable: true),
      FastMemory(
        base: Self.ramBase, bytes: ram, byteCount: UInt32(Self.ramSize), isWritable: true, isExecutable: true),
    ])
  }

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let place = place(address) else { return .fault }
    switch width {
    case .byte: return .done(UInt32(place.load(as: UInt8.self)), cycles: 0)
    case .halfword: return .done(UInt32(place.load(as: UInt16.self)), cycles: 0)
    case .word: return .done(place.load(as: UInt32.self), cycles: 0)
    }
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let place = place(address) else { return .fault }
    switch width {
    case .byte: place.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case .halfword: place.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
    case .word: place.storeBytes(of: value, as: UInt32.self)
    }
    return .done(0, cycles: 0)
  }

  private func place(_ address: UInt32) -> UnsafeMutableRawPointer? {
    if address >= Self.codeBase, Int(address - Self.codeBase) < Self.codeSize {
      return code + Int(address - Self.codeBase)
    }
    guard address >= Self.ramBase, Int(address - Self.ramBase) < Self.ramSize else { return nil }
    return ram + Int(address - Self.ramBase)
  }

  /// Runs a vector; returns how the outcome differs, or nil when it agrees.
  func run(_ vector: OracleVectors.Vector) -> String? {
    let offset = Int(vector.address - Self.codeBase)
    let isBlock =
      usesBlocks && !readsCode(vector) && vector.programCounter == vector.address + UInt32(vector.program.count)
    let program = vector.program + (isBlock ? Self.branchToItself : [])
    for (index, byte) in program.enumerated() {
      code.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
    }
    defer {
      for index in program.indices {
        code.storeBytes(of: pristine[offset + index], toByteOffset: offset + index, as: UInt8.self)
      }
      restoreMemory(vector)
    }
    prepare(vector)
    if isBlock {
      core.run(until: core.localNanoseconds + Self.longestBlock)
      return compare(vector).map { describe(vector, $0) }
    }
    do throws(CoreFault) {
      for _ in 0..<vector.count { try core.step() }
    } catch {
      return describe(vector, "it faults: \(error)")
    }
    return compare(vector).map { describe(vector, $0) }
  }

  /// Whether the instruction may load what stands behind it.
  private func readsCode(_ vector: OracleVectors.Vector) -> Bool { name(of: vector).contains("literal") }

  /// B .
  private static let branchToItself: [UInt8] = [0xFE, 0xE7]
  /// More nanoseconds than any block can take.
  private static let longestBlock: UInt64 = 100_000

  private func prepare(_ vector: OracleVectors.Vector) {
    for index in 0..<15 { core.registers[index] = vector.before[index] }
    core.programStatus = vector.flagsBefore | 1 << 24
    core.programCounter = vector.address
    core.control = profile.hasFloatingPoint ? 4 : 0
    for (index, value) in vector.floatsBefore.prefix(32).enumerated() { core.floatRegisters[index] = value }
    if let status = vector.floatsBefore.last { core.floatStatus = status & CortexCore.floatStatusMask }
  }

  private func compare(_ vector: OracleVectors.Vector) -> String? {
    for index in 0..<15 where core.registers[index] != vector.after[index] {
      return "R\(index) is \(hex(core.registers[index])), expected \(hex(vector.after[index]))"
    }
    guard core.programCounter == vector.programCounter else {
      return "PC is \(hex(core.programCounter)), expected \(hex(vector.programCounter))"
    }
    guard core.applicationStatus == vector.flagsAfter else {
      return "APSR is \(hex(core.applicationStatus)), expected \(hex(vector.flagsAfter))"
    }
    for (index, expected) in vector.floatsAfter.enumerated() {
      let value = index < 32 ? core.floatRegisters[index] : core.floatStatus
      if value != expected {
        return "S\(index) is \(hex(value)), expected \(hex(expected)); before \(vector.floatsBefore.map(hex))"
      }
    }
    for (offset, expected) in vector.changes {
      let value = ram.load(fromByteOffset: offset, as: UInt8.self)
      if value != expected { return "byte \(hex(UInt32(offset))) is \(value), expected \(expected)" }
    }
    return strayChange(vector)
  }

  /// A byte that changed although it should not have; looked for near the registers' addresses only.
  private func strayChange(_ vector: OracleVectors.Vector) -> String? {
    let changed = Set(vector.changes.map(\.offset))
    for base in Set(vector.before.filter { $0 >> 14 == Self.ramBase >> 14 }) {
      let start = max(0, Int(base - Self.ramBase) - 16)
      for offset in start..<min(start + 32, Self.ramSize) where !changed.contains(offset) {
        if ram.load(fromByteOffset: offset, as: UInt8.self) != pristine[offset] { return "byte \(offset) changed" }
      }
    }
    return nil
  }

  private func restoreMemory(_ vector: OracleVectors.Vector) {
    for (offset, _) in vector.changes { ram.storeBytes(of: pristine[offset], toByteOffset: offset, as: UInt8.self) }
  }

  private func halfwords(_ vector: OracleVectors.Vector) -> [UInt32] {
    stride(from: 0, to: vector.program.count, by: 2).map {
      UInt32(vector.program[$0]) | UInt32(vector.program[$0 + 1]) << 8
    }
  }

  /// The encoding of a vector's last instruction.
  private func name(of vector: OracleVectors.Vector) -> String {
    let last = halfwords(vector).dropFirst(vector.count - 1)
    let word = last.reduce(0) { $0 << 16 | $1 }
    return core.decoder.encoding(of: word, isWide: last.count == 2)?.name ?? "no encoding"
  }

  private func describe(_ vector: OracleVectors.Vector, _ difference: String) -> String {
    let halfwords = halfwords(vector)
    let name = name(of: vector)
    let registers = vector.before.map(hex)
    return "\(name) \(halfwords.map(hex)) APSR \(hex(vector.flagsBefore)) \(registers): \(difference)"
  }

  private func hex(_ value: UInt32) -> String { String(value, radix: 16) }
}

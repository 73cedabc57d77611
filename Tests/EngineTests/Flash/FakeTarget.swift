import Basics
import Engine
import Failures
import LinkInterface

/// A clock that only moves when somebody waits or the fake target works.
final class FakeClock: LinkClock {
  private(set) var now = Duration.zero

  func wait(for duration: Duration) {
    if duration > .zero { now += duration }
  }
}

/// A small model of a chip behind a debug port: identity registers, flash with its controller, some RAM.
///
/// Made from the manuals without looking at the engine's tables; strict about order, widths and the NOR rule.
final class FakeTarget: DebugAccess {
  /// What the model is a model of.
  struct Chip {
    var processorID: UInt32 = 0x410F_C241
    var identityCode: UInt32 = 0x1007_6413
    /// An identity register where other lines have it.
    var otherIdentity: (address: UInt32, code: UInt32) = (0, 0)
    var sizeHalfword: UInt16 = 1024
    /// Sizes in KiB with the SNB code of each sector.
    var sectors: [(kibibytes: Int, code: UInt32)] = Chip.bank(1024, firstCode: 0)
    var hasSecondBank = false
    var optionControl: UInt32 = 0x0FFF_AAED
    var optionControl1: UInt32 = 0x0FFF_0000
    var millivolts: Int? = 3300
    var designer: (code: UInt8, continuation: UInt8) = (0x20, 0)
    var hasProgrammingVoltage = false

    static func bank(_ kibibytes: Int, firstCode: UInt32) -> [(kibibytes: Int, code: UInt32)] {
      var rest = kibibytes
      var sizes: [Int] = []
      for size in [16, 16, 16, 16, 64] + Array(repeating: 128, count: 16) where rest > 0 {
        sizes.append(size)
        rest -= size
      }
      return sizes.enumerated().map { ($0.element, firstCode + UInt32($0.offset)) }
    }
  }

  /// What goes wrong.
  struct Faults {
    /// From this access on the probe is gone.
    var goneFromAccess: Int?
    /// This access reports an interruption.
    var interruptAtAccess: Int?
    /// This access answers with a fault status and does nothing.
    var faultAtAccess: Int?
    /// The chip resets itself before this access.
    var resetBeforeAccess: Int?
    /// Erase operations never end.
    var eraseHangs = false
    /// Error bits that the next erase or programming ends with.
    var statusOfNextErase: UInt32?
    var statusOfNextProgram: UInt32?
    /// Erasing leaves these bytes as they are.
    var unerasable: Range<Int>?
    /// Programming leaves these bytes as they are.
    var unprogrammable: Range<Int>?
    /// Every second read of this byte is off by a bit.
    var unstable: Int?
    /// The keys do nothing.
    var isKeyBlocked = false
    /// CR keeps LOCK clear whatever is written.
    var cannotLock = false
    /// These words read as a fault.
    var unreadable: Set<UInt32> = []
    var cannotMeasureVoltage = false
  }

  static let fault = TargetFault(
    .refused, code: 1, answer: "refused",
    meaning: TargetFault.Meaning(.noTarget, "bus error in the target", [], causes: [.readProtected]))

  var chip: Chip
  var faults = Faults()
  var flash: [UInt8]
  var ram: [UInt32: UInt8] = [:]
  var otp = [UInt8](repeating: 0xFF, count: 528)
  private(set) var accessCount = 0
  /// What a driver should never do: named, so that a test can say it.
  private(set) var offences: [String] = []
  /// The flash regions erased so far, in order, by SNB code; 100 and 200 for whole banks.
  private(set) var erasedCodes: [UInt32] = []
  /// Where data was written to flash, in order.
  private(set) var programmedAddresses: [UInt32] = []
  private(set) var status: UInt32 = 0
  private(set) var control: UInt32 = 0x8000_0000
  var accessControl: UInt32 = 0
  private(set) var registerWrites: [(address: UInt32, value: UInt32)] = []

  private let fakeClock = FakeClock()
  private var keyStep = 0
  private var busyUntil = Duration.zero
  private var stale: [UInt8]?
  private var readCount = 0

  var clock: any LinkClock { fakeClock }
  var isLocked: Bool { control & 0x8000_0000 != 0 }

  init(_ chip: Chip = Chip()) {
    self.chip = chip
    flash = [UInt8](repeating: 0xFF, count: chip.sectors.reduce(0) { $0 + $1.kibibytes } * 1024)
  }

  // MARK: - DebugAccess

  func readWord(at address: UInt32) throws(DebugError) -> UInt32 {
    try begin("read of a word", address, 4)
    if faults.unreadable.contains(address) { throw .fault(FakeTarget.fault, during: "read", address: address) }
    return word(at: address)
  }

  func writeWord(_ value: UInt32, at address: UInt32) throws(DebugError) {
    try begin("write of a word", address, 4)
    registerWrites.append((address, value))
    try write(value, at: address)
  }

  func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    try begin("read of memory", address, byteCount)
    return try readBytes(at: address, byteCount)
  }

  func writeMemory(_ bytes: [UInt8], at address: UInt32) throws(DebugError) {
    try begin("write of memory", address, bytes.count)
    if isFlash(address) { offences.append("flash written without a fixed width") }
    for (offset, byte) in bytes.enumerated() { ram[address + UInt32(offset)] = byte }
  }

  func readMemory(at address: UInt32, byteCount: Int, width: AccessWidth) throws(DebugError) -> [UInt8] {
    try begin("read of memory", address, byteCount)
    return try readBytes(at: address, byteCount)
  }

  func writeMemory(_ bytes: [UInt8], at address: UInt32, width: AccessWidth) throws(DebugError) {
    try begin("write of memory", address, bytes.count)
    guard Int(address) % width.byteCount == 0, bytes.count % width.byteCount == 0 else {
      throw .misaligned(address: address, byteCount: bytes.count, width: width)
    }
    for start in stride(from: 0, to: bytes.count, by: width.byteCount) {
      program(Array(bytes[start..<start + width.byteCount]), at: address + UInt32(start))
    }
  }

  func readCoreRegister(_ register: CoreRegister) throws(DebugError) -> UInt32 { 0 }
  func writeCoreRegister(_ register: CoreRegister, _ value: UInt32) throws(DebugError) {}
  func driveReset(_ level: ResetLevel) throws(DebugError) {}

  func targetMillivolts() throws(DebugError) -> Int? {
    try begin("measuring the voltage", 0, 0)
    if faults.cannotMeasureVoltage { throw .fault(FakeTarget.fault, during: "voltage", address: nil) }
    return chip.millivolts
  }

  // MARK: - Every access

  private func begin(_ action: String, _ address: UInt32, _ byteCount: Int) throws(DebugError) {
    accessCount += 1
    fakeClock.wait(for: .microseconds(300 + byteCount * 6))
    if let limit = faults.goneFromAccess, accessCount >= limit {
      throw .transport(LinkError(.gone), during: action)
    }
    if accessCount == faults.interruptAtAccess { throw .interrupted }
    if accessCount == faults.faultAtAccess { throw .fault(FakeTarget.fault, during: action, address: address) }
    if accessCount == faults.resetBeforeAccess { systemReset() }
  }

  private func systemReset() {
    if isBusy { busyUntil = fakeClock.now }
    (status, control, accessControl, keyStep, stale) = (0, 0x8000_0000, 0, 0, nil)
  }

  private var isBusy: Bool { fakeClock.now < busyUntil }

  // MARK: - Memory

  private func isFlash(_ address: UInt32) -> Bool {
    address >= 0x0800_0000 && Int(address - 0x0800_0000) < flash.count
  }

  private func word(at address: UInt32) -> UInt32 {
    switch address {
    case 0xE000_ED00: chip.processorID
    case 0xE004_2000: chip.identityCode
    case chip.otherIdentity.address: chip.otherIdentity.code
    case 0x1FFF_7A20: UInt32(chip.sizeHalfword) << 16 | 0xC000
    case 0x4002_3C00: accessControl
    case 0x4002_3C0C: status | (isBusy ? 1 << 16 : 0)
    case 0x4002_3C10: control
    case 0x4002_3C14: chip.optionControl
    case 0x4002_3C18: chip.optionControl1
    case 0xE00F_FFD0: UInt32(chip.designer.continuation)
    case 0xE00F_FFE4: UInt32(chip.designer.code & 0xF) << 4
    case 0xE00F_FFE8: UInt32(chip.designer.code >> 4) | 0x8
    default: 0
    }
  }

  private func readBytes(at address: UInt32, _ byteCount: Int) throws(DebugError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    if isFlash(address), Int(address - 0x0800_0000) + byteCount <= flash.count {
      if isBusy { fakeClock.wait(for: busyUntil - fakeClock.now) }
      readCount += 1
      let start = Int(address - 0x0800_0000)
      bytes += (accessControl & 0x600 != 0 ? stale ?? flash : flash)[start..<start + byteCount]
      if let unstable = faults.unstable, (start..<start + byteCount).contains(unstable), readCount % 2 == 0 {
        bytes[unstable - start] ^= 0x10
      }
      return bytes
    }
    for offset in 0..<UInt32(byteCount) {
      let place = address + offset
      if (0x1FFF_7800..<0x1FFF_7A10).contains(place) {
        bytes.append(otp[Int(place - 0x1FFF_7800)])
      } else if place >= 0x4000_0000 {
        if faults.unreadable.contains(place & ~3) { throw .fault(FakeTarget.fault, during: "read", address: place) }
        bytes.append(UInt8(truncatingIfNeeded: word(at: place & ~3) >> (8 * (place & 3))))
      } else {
        bytes.append(ram[place] ?? 0)
      }
    }
    return bytes
  }

  // MARK: - The controller

  private func write(_ value: UInt32, at address: UInt32) throws(DebugError) {
    switch address {
    case 0x4002_3C00:
      if value & 0x600 != 0 && accessControl & 0x600 == 0 { stale = nil }
      if value & 0x1800 != 0 && value & 0x600 != 0 { offences.append("cache reset while enabled") }
      accessControl = value
    case 0x4002_3C04: try writeKey(value)
    case 0x4002_3C0C: status &= ~(value & 0x1F3)
    case 0x4002_3C10: writeControl(value)
    default: break
    }
  }

  private func writeKey(_ value: UInt32) throws(DebugError) {
    if !isLocked { offences.append("key written to an unlocked controller") }
    if faults.isKeyBlocked { return }
    switch (keyStep, value) {
    case (0, 0x4567_0123): keyStep = 1
    case (1, 0xCDEF_89AB):
      control &= 0x7FFF_FFFF
      keyStep = 0
    default:
      faults.isKeyBlocked = true
      throw .fault(FakeTarget.fault, during: "key", address: 0x4002_3C04)
    }
  }

  private func writeControl(_ value: UInt32) {
    if isBusy {
      offences.append("CR written while busy")
      fakeClock.wait(for: busyUntil - fakeClock.now)
    }
    guard !isLocked else { return }
    control = value & 0x0300_83FF | (faults.cannotLock ? 0 : value & 0x8000_0000)
    if value & 1 << 16 != 0 { startErase() }
  }

  private func startErase() {
    if status & 0x1F2 != 0 { offences.append("erase started with old error bits") }
    if let bits = faults.statusOfNextErase {
      status |= bits
      faults.statusOfNextErase = nil
      return
    }
    if faults.eraseHangs {
      busyUntil = .seconds(1_000_000)
      return
    }
    let slowness = [2, 1.3, 1, 0.9][Int(control >> 8 & 3)]
    if control & 2 != 0 {
      let code = control >> 3 & 0x1F
      guard let index = chip.sectors.firstIndex(where: { $0.code == code }), !isProtected(index) else {
        status |= 0x10
        return
      }
      erase([index])
      erasedCodes.append(code)
      busyUntil = fakeClock.now + .milliseconds(Int(Double(chip.sectors[index].kibibytes) * 8 * slowness))
      return
    }
    let wanted = chip.sectors.indices.filter { index in
      control & (chip.sectors[index].code >= 16 && chip.hasSecondBank ? 1 << 15 : 1 << 2) != 0
    }
    guard !wanted.isEmpty, !wanted.contains(where: isProtected) else {
      status |= 0x10
      return
    }
    erase(wanted)
    if control & 1 << 2 != 0 { erasedCodes.append(100) }
    if control & 1 << 15 != 0 { erasedCodes.append(200) }
    busyUntil = fakeClock.now + .milliseconds(Int(8000 * slowness))
  }

  private func isProtected(_ index: Int) -> Bool {
    let code = chip.sectors[index].code
    let isSecondBank = chip.hasSecondBank && code >= 16
    let bit = isSecondBank ? code : 16 + min(code, 14)
    let register = isSecondBank ? chip.optionControl1 : chip.optionControl
    return register >> bit & 1 == (chip.optionControl >> 31 == 1 && chip.identityCode & 0xFFF != 0x413 ? 1 : 0)
      || chip.optionControl >> 8 & 0xFF != 0xAA
  }

  private func start(of index: Int) -> Int {
    chip.sectors[..<index].reduce(0) { $0 + $1.kibibytes } * 1024
  }

  private func erase(_ indices: [Int]) {
    if accessControl & 0x600 != 0 && stale == nil { stale = flash }
    for index in indices {
      let size = chip.sectors[index].kibibytes * 1024
      if faults.unerasable == nil {
        flash.replaceSubrange(start(of: index)..<start(of: index) + size, with: repeatElement(0xFF, count: size))
        continue
      }
      for offset in start(of: index)..<start(of: index) + size
      where !(faults.unerasable?.contains(offset) ?? false) {
        flash[offset] = 0xFF
      }
    }
  }

  private func program(_ bytes: [UInt8], at address: UInt32) {
    guard isFlash(address) else {
      for (offset, byte) in bytes.enumerated() { ram[address + UInt32(offset)] = byte }
      return
    }
    if isBusy { fakeClock.wait(for: busyUntil - fakeClock.now) }
    let width = [1, 2, 4, 4][Int(control >> 8 & 3)]
    guard control & 1 != 0, !isLocked else {
      status |= 0x80
      return
    }
    guard width == bytes.count, control >> 8 & 3 != 3 || chip.hasProgrammingVoltage else {
      status |= 0x40
      return
    }
    if let bits = faults.statusOfNextProgram {
      status |= bits
      faults.statusOfNextProgram = nil
      return
    }
    programmedAddresses.append(address)
    if accessControl & 0x600 != 0 && stale == nil { stale = flash }
    for (offset, byte) in bytes.enumerated() {
      let place = Int(address - 0x0800_0000) + offset
      if faults.unprogrammable?.contains(place) ?? false { continue }
      flash[place] &= byte
    }
    busyUntil = fakeClock.now + .microseconds(16)
  }
}

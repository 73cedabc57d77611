/// The AHB-AP of a Cortex-M3 or M4 (ADIv5.2, C2; Cortex-M4 TRM r0p1, table 8-13).
final class AHBAccessPort {
  /// The block in which TAR counts up and wraps.
  ///
  /// ADIv5 promises 1 KiB; the ports of Cortex-M3 and M4 count within 4 KiB, which OpenOCD and pyOCD rely on.
  private static let incrementBlock: UInt32 = 4096
  /// Whether the first access after a TAR write is answered WAIT once.
  let waitsAfterTransferAddress: Bool

  private unowned let bus: any SystemBus
  private var control = AHBAccessPort.controlAtRest
  private var transferAddress: UInt32 = 0
  private var owesWait = false
  /// The last data read: a narrow read replaces only its own lanes, the others keep what an earlier read left there
  /// (seen in recordings of an STM32F429).
  private var readData: UInt32 = 0
  /// How far a packed transfer has got, and what it has read.
  private var packed: (done: UInt32, value: UInt32) = (0, 0)

  /// CSW after power-up.
  private static let controlAtRest: UInt32 = 0x2300_0042
  /// MasterType, HPROT1, AddrInc, Size; the rest of CSW does not take writes.
  private static let controlWritable: UInt32 = 0x2200_0037
  /// A bit that reads 1, and DeviceEn.
  private static let controlFixed: UInt32 = 0x0100_0040
  /// BASE, where the ROM table is.
  private let base: UInt32
  /// IDR.
  private let identification: UInt32

  /// Makes a port on a bus, which it does not own; BASE and IDR are those of every F2 and F4 if nothing else is said.
  init(
    bus: any SystemBus, waitsAfterTransferAddress: Bool = false, base: UInt32 = 0xE00F_F003,
    identification: UInt32 = 0x2477_0011
  ) {
    self.bus = bus
    self.base = base
    self.identification = identification
    self.waitsAfterTransferAddress = waitsAfterTransferAddress
  }

  /// Power-up.
  func powerOnReset() {
    control = AHBAccessPort.controlAtRest
    transferAddress = 0
    owesWait = false
    readData = 0
    packed = (0, 0)
  }

  /// The debug port has given up the access in progress.
  func abort() {
    packed = (0, 0)
  }

  /// Whether a packet for a register has to be repeated; asking takes the port's one WAIT away.
  func isBusy(_ register: UInt8) -> Bool {
    guard owesWait, register == 0x0C || register & 0xF0 == 0x10 else { return false }
    owesWait = false
    return true
  }

  /// Reads or writes a register; a stalled access has had no effect and is to be performed again.
  ///
  /// - Parameters:
  ///   - register: the bank in bits 7:4, A[3:2] below.
  ///   - word: what to write; nil to read.
  func perform(_ register: UInt8, write word: UInt32?) -> BusAnswer {
    switch (register, word) {
    case (0x00, nil): return .done(control, cycles: 0)
    case (0x00, .some(let word)): writeControl(word)
    case (0x04, nil): return .done(transferAddress, cycles: 0)
    case (0x04, .some(let word)):
      transferAddress = word
      owesWait = waitsAfterTransferAddress
    case (0x0C, _): return transferData(word)
    case (0x10, _), (0x14, _), (0x18, _), (0x1C, _):
      return access(transferAddress & ~0xF | UInt32(register & 0xC), .word, write: word)
    case (0xF8, nil): return .done(base, cycles: 0)
    case (0xFC, nil): return .done(identification, cycles: 0)
    default: break
    }
    return .done(0, cycles: 0)
  }

  /// Sizes that the port does not have leave the field as it was.
  private func writeControl(_ word: UInt32) {
    let size = word & 0b111 <= 2 ? word & 0b111 : control & 0b111
    control = word & AHBAccessPort.controlWritable & ~0b111 | size | AHBAccessPort.controlFixed
  }

  private var width: BusWidth {
    switch control & 0b111 {
    case 0: .byte
    case 1: .halfword
    default: .word
    }
  }

  /// DRW: one access at TAR, or with packed increment as many as fill a word.
  private func transferData(_ word: UInt32?) -> BusAnswer {
    let width = width
    let mode = control >> 4 & 0b11
    let count = mode == 2 ? 4 / width.rawValue : 1
    while packed.done < count {
      let address = transferAddress & ~(width.rawValue - 1)
      switch access(address, width, write: word) {
      case .done(let value, _): packed.value = value
      case .stalled(let end): return .stalled(until: end)
      case .fault:
        packed = (0, 0)
        // TAR counts on all the same (public logs of an F205 and F4s).
        if mode != 0 { increment(by: width.rawValue) }
        return .fault
      }
      packed.done += 1
      if mode != 0 { increment(by: width.rawValue) }
    }
    defer { packed = (0, 0) }
    return .done(packed.value, cycles: 0)
  }

  private func increment(by byteCount: UInt32) {
    let within = AHBAccessPort.incrementBlock - 1
    transferAddress = transferAddress & ~within | (transferAddress &+ byteCount) & within
  }

  /// One bus access; narrow data travel in the byte lanes of their address.
  private func access(_ address: UInt32, _ width: BusWidth, write word: UInt32?) -> BusAnswer {
    let lanes = ByteLanes(address, width)
    guard let word else {
      let answer = bus.read(address, width, by: .debugger)
      guard case .done(let value, let cycles) = answer else { return answer }
      readData = lanes.merge(value, into: readData)
      return .done(readData, cycles: cycles)
    }
    return bus.write(address, lanes.extract(from: word), width, by: .debugger)
  }
}

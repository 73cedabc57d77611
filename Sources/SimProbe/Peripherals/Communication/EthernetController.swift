/// The Ethernet MAC without a cable: its registers, the DMA's software reset, and the management interface to the
/// transceiver (RM0090, 33).
final class EthernetController: Peripheral {
  let name = "ETH"
  let registers = RegisterFile(RegisterTable.ethernet.registers)
  /// Whether the board has a transceiver at address 0.
  var hasTransceiver = false

  private static let miiAddress: UInt32 = 0x10
  private static let miiData: UInt32 = 0x14
  private static let dmaBusMode: UInt32 = 0x1000
  private static let dmaStatus: UInt32 = 0x1014
  private static let dmaOperation: UInt32 = 0x1018
  /// One frame of the management interface: 64 bits at 2.5 MHz, in nanoseconds.
  private static let frame: UInt64 = 25_600
  /// What the software reset and the FIFO flush take, in nanoseconds.
  private static let flush: UInt64 = 2000

  private var frameEnd: UInt64?
  private var flushEnd: UInt64?
  /// The transceiver's registers.
  private var transceiver = EthernetController.unlinkedTransceiver

  /// A LAN8742A without a link: control, status, the two identifiers, advertisement (its data sheet, 4.2).
  private static let unlinkedTransceiver: [UInt32] = [0x3000, 0x7809, 0x0007, 0xC131, 0x01E1]

  var nextEvent: UInt64? { [frameEnd, flushEnd].compactMap(\.self).min() }

  func advance(to now: UInt64) {
    if let end = frameEnd, end <= now {
      frameEnd = nil
      exchangeFrame()
    }
    if let end = flushEnd, end <= now {
      flushEnd = nil
      registers[Self.dmaBusMode] &= ~1
      registers[Self.dmaOperation] &= ~(1 << 20)
    }
  }

  func postpone(by nanoseconds: UInt64) {
    frameEnd = frameEnd.map { $0 + nanoseconds }
    flushEnd = flushEnd.map { $0 + nanoseconds }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.miiAddress where written & 1 != 0:
      registers[offset] |= 1
      frameEnd = now + Self.frame
    case Self.dmaBusMode where written & 1 != 0:
      resetRegisters(keeping: registers[offset])
      flushEnd = now + Self.flush
    case Self.dmaOperation where written & 1 << 20 != 0: flushEnd = now + Self.flush
    default: break
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    (frameEnd, flushEnd) = (nil, nil)
  }

  private func resetRegisters(keeping busMode: UInt32) {
    registers.reset()
    registers[Self.dmaBusMode] |= busMode & 1
  }

  /// A read or write of the transceiver ends; where there is none, the pulled-up line reads as ones.
  private func exchangeFrame() {
    let word = registers[Self.miiAddress]
    registers[Self.miiAddress] = word & ~1
    let (address, number, isWrite) = (word >> 11 & 0x1F, Int(word >> 6 & 0x1F), word & 1 << 1 != 0)
    let answers = hasTransceiver && address == 0
    if isWrite {
      // A reset of the transceiver (bit 15 of its control register) ends within the frame.
      if answers, number == 0 { transceiver[0] = registers[Self.miiData] & 0x7FFF }
    } else {
      let value = answers ? (number < transceiver.count ? transceiver[number] : 0) : 0xFFFF
      registers[Self.miiData] = value
    }
  }
}

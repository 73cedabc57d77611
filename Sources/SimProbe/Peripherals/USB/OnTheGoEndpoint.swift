/// One endpoint of an OTG core in one direction: its registers, and what it has of a transfer.
struct OnTheGoEndpoint {
  /// DIEPCTLx, DOEPCTLx.
  enum Control {
    static let isActive: UInt32 = 1 << 15
    static let isData1: UInt32 = 1 << 16
    static let answersNAK: UInt32 = 1 << 17
    static let stall: UInt32 = 1 << 21
    static let clearNAK: UInt32 = 1 << 26
    static let setNAK: UInt32 = 1 << 27
    static let setData0: UInt32 = 1 << 28
    static let setData1: UInt32 = 1 << 29
    static let disable: UInt32 = 1 << 30
    static let enable: UInt32 = 1 << 31
    /// What software sets as it likes: MPSIZ, USBAEP, EPTYP, SNPM, TXFNUM.
    static let fields: UInt32 = 0x7FF | isActive | 0xF << 18 & ~stall | 1 << 20 | 0xF << 22
  }

  /// DIEPINTx, DOEPINTx.
  enum Flag {
    static let complete: UInt32 = 1 << 0
    static let disabled: UInt32 = 1 << 1
    /// DOEPINT: the host is done with SETUP packets.
    static let setup: UInt32 = 1 << 3
    /// DIEPINT: an IN token has come while the FIFO was empty.
    static let tokenWhileEmpty: UInt32 = 1 << 4
    /// DOEPINT: an OUT token has come while the endpoint was disabled.
    static let tokenWhileDisabled: UInt32 = 1 << 4
    /// DIEPINT: SNAK has taken effect.
    static let nakEffective: UInt32 = 1 << 6
    /// DIEPINT: the FIFO has room; follows from it and cannot be cleared.
    static let hasRoom: UInt32 = 1 << 7
  }

  let number: Int
  /// The control register, without the bits that only act.
  var control: UInt32
  /// The interrupt flags that stay until they are cleared.
  var flags: UInt32 = 0
  /// XFRSIZ.
  var byteCount: UInt32 = 0
  /// PKTCNT.
  var packetCount: UInt32 = 0
  /// MCNT, or STUPCNT.
  var upperCount: UInt32 = 0

  // What IN endpoints have in their FIFO.
  private(set) var words: [UInt32] = []
  /// The lengths of the packets that are complete in there.
  private(set) var packets: [Int] = []
  /// How much of the next packet is in there.
  private var filled: Int = 0

  /// An endpoint after a reset; of the two registers of endpoint 0 only one reads that it is active.
  init(_ number: Int, isInput: Bool) {
    self.number = number
    control = number == 0 && !isInput ? Control.isActive : 0
  }

  /// Whether it moves data when it is asked to.
  var isEnabled: Bool { control & Control.enable != 0 }
  /// Endpoint 0 always is.
  var isActive: Bool { number == 0 || control & Control.isActive != 0 }
  var isStalled: Bool { control & Control.stall != 0 }
  var answersNAK: Bool { control & Control.answersNAK != 0 }
  /// Whether the next packet is DATA1.
  var isData1: Bool {
    get { control & Control.isData1 != 0 }
    set { control = newValue ? control | Control.isData1 : control & ~Control.isData1 }
  }

  /// DIEPTSIZx, DOEPTSIZx.
  var size: UInt32 { byteCount | packetCount << 19 | upperCount << 29 }

  /// The largest packet, in bytes; endpoint 0 has a code for it (RM0090, 34.16.4).
  var packetSize: Int {
    number == 0 ? [64, 32, 16, 8][Int(control & 0b11)] : Int(control & 0x7FF)
  }

  /// The FIFO of an IN endpoint.
  var fifo: Int { Int(control >> 22 & 0xF) }

  /// A write to the control register.
  ///
  /// - Returns: whether an enabled endpoint is to be disabled.
  mutating func writeControl(_ value: UInt32) -> Bool {
    let fields = number == 0 ? Control.fields & ~(Control.isActive | 0x7FC) : Control.fields
    control = control & ~fields | value & fields
    // STALL of endpoint 0 is set by software and cleared by the next SETUP (RM0090, 34.16.4).
    if number == 0 {
      control |= value & Control.stall
    } else {
      control = control & ~Control.stall | value & Control.stall
      if value & Control.setData0 != 0 { isData1 = false }
      if value & Control.setData1 != 0 { isData1 = true }
    }
    if value & Control.clearNAK != 0 {
      control &= ~Control.answersNAK
      flags &= ~Flag.nakEffective
    }
    if value & Control.setNAK != 0 { control |= Control.answersNAK }
    if value & Control.enable != 0 { control |= Control.enable }
    return value & Control.disable != 0 && isEnabled
  }

  // MARK: The FIFO of an IN endpoint

  /// Takes a word of the transfer; a packet is complete when its last byte is there.
  mutating func fill(_ word: UInt32) {
    words.append(word)
    filled += 4
    let packet = min(packetSize, Int(byteCount))
    guard packet > 0, filled >= packet else { return }
    packets.append(packet)
    byteCount -= UInt32(packet)
    filled = 0
  }

  /// Empties the FIFO.
  mutating func flush() {
    words.removeAll(keepingCapacity: true)
    packets.removeAll(keepingCapacity: true)
    filled = 0
  }

  /// Whether a packet can be sent: one that is complete, or an empty one.
  var hasPacket: Bool { !packets.isEmpty || byteCount == 0 && filled == 0 && packetCount > 0 }

  /// Takes the next packet.
  mutating func takePacket() -> [UInt8] {
    guard let length = packets.first else { return [] }
    packets.removeFirst()
    let wordCount = (length + 3) / 4
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * wordCount)
    for word in words.prefix(wordCount) {
      for shift in stride(from: 0 as UInt32, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    words.removeFirst(min(wordCount, words.count))
    bytes.removeLast(bytes.count - length)
    return bytes
  }
}

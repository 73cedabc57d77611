/// One memory command as the firmware carries it out: port, address, access width, CSW.
struct MemoryAccess: Equatable {
  /// The access port.
  var port: UInt8 = 0
  /// The first address.
  var address: UInt32
  /// The width of each access on the target's bus.
  var width: BusWidth
  /// Whether the address moves on after each access.
  var increments = true
  /// CSW bits 31 to 8; the firmware's own where the host gives none.
  var control: UInt32 = MemoryAccess.usualControl

  /// HPROT and MasterType as the firmware sets them: 0x23000000 on the wire (docs/simulated-probe.md, "Commands").
  static let usualControl: UInt32 = 0x2300_0000

  /// The CSW to write: control, size and address increment.
  func controlWord(autoIncrement: Bool) -> UInt32 {
    let size: UInt32 =
      switch width {
      case .byte: 0
      case .halfword: 1
      case .word: 2
      }
    return control & 0xFFFF_FF00 | size | (autoIncrement && increments ? 0x10 : 0)
  }
}

/// A memory access that failed: the status to report and the first address that could not be reached.
struct MemoryFailure: Error, Equatable {
  let status: ProbeStatus
  let address: UInt32
}

/// A block write in progress: USB delivers its data packet by packet.
struct BlockWrite {
  let access: MemoryAccess
  /// The address of the next unit.
  var address: UInt32
  /// Whether TAR holds that address.
  var isAddressSet = false
  /// Whether a unit has been written.
  var hasBegun = false

  init(_ access: MemoryAccess) {
    self.access = access
    address = access.address
  }
}

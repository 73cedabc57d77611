/// How one version of the firmware answers where versions differ, beyond what commands it has.
struct FirmwareTraits: Equatable, Sendable {
  /// How the firmware moves blocks over SWD (field-evidence, section 6.1).
  enum BlockMethod: Equatable, Sendable {
    /// V2 up to about J28: four words at a time through the banked data registers, no auto-increment.
    case bankedData
    /// V2 from J32 and V3: one DRW transfer a word, with auto-increment.
    case autoIncrement
  }

  /// What the firmware does with a transfer that is too long for it.
  enum ExcessResponse: Equatable, Sendable {
    /// Refuses it in the status.
    case refuse
    /// Stops answering until it is plugged in anew.
    case crash
  }

  /// How blocks are moved.
  let blockMethod: BlockMethod
  /// The longest 8-bit transfer in bytes (section 12).
  let byteTransferLimit: Int
  /// What happens beyond it.
  let byteTransferExcess: ExcessResponse
  /// The number of RW_MISC items in one list (section 10.12).
  let listItemLimit: Int
  /// The highest access-port number; nil where the firmware does not check.
  let lastAccessPort: UInt8?
  /// The status of a sub-command that the firmware lacks (sections 11 and 15).
  let unknownCommandStatus: ProbeStatus
  /// The status of a target access that gets no answer, or is made without a link.
  let noLinkStatus: ProbeStatus
  /// The status of a memory access that ends in a bus error.
  let memoryFaultStatus: ProbeStatus
  /// The status of a JTAG connect that finds no chain.
  let noChainStatus: ProbeStatus
  /// Whether CLOSE_AP_DBG always fails (V2J28).
  let refusesPortClose: Bool
  /// Whether leaving debug mode outside debug mode hangs the probe (V3J15; field-evidence, section 3.2).
  let hangsOnIdleExit: Bool
  /// Whether an empty memory transfer hangs the probe (V3; section 10.7).
  let hangsOnEmptyTransfer: Bool
  /// The highest SWO baud rate (section 18).
  let maximumTraceBaud: UInt32

  /// The buffer that every reply and all memory data pass through (section 12): 6 KiB.
  static let bufferSize = 6144

  /// The traits of a version.
  init(of version: ProbeVersion) {
    let level = version.debugLevel
    let isV3 = version.generation >= 3
    let isEarlyV3 = version.generation == 3 && level < 6
    blockMethod = isV3 || level >= 32 ? .autoIncrement : .bankedData
    byteTransferLimit = isV3 && !isEarlyV3 ? 512 : 64
    byteTransferExcess = isEarlyV3 ? .crash : .refuse
    listItemLimit = isV3 ? 1227 : 64
    lastAccessPort = isV3 || level >= 32 ? 8 : level >= 29 ? 3 : nil
    unknownCommandStatus = isV3 || level >= 32 ? .unknownCommand : .commandError
    noLinkStatus = isV3 || level >= 21 ? .apError : .commandError
    memoryFaultStatus = isV3 || level >= 21 ? .apFault : .unknownError
    noChainStatus = isV3 || level >= 21 ? .noDevice : .unknownChain
    refusesPortClose = !isV3 && level == 28
    hangsOnIdleExit = version.generation == 3 && level == 15
    hangsOnEmptyTransfer = isV3
    maximumTraceBaud = isV3 ? 24_000_000 : 2_250_000
  }
}

/// How one version of the firmware answers where versions differ, beyond what commands it has.
struct FirmwareTraits: Equatable, Sendable {
  /// How the firmware moves blocks over SWD (docs/simulated-probe.md, "Time").
  enum BlockMethod: Equatable, Sendable {
    /// V2 up to J27: four words at a time through the banked data registers, no auto-increment.
    case bankedData
    /// V2 from J28 and V3: one DRW transfer a word, with auto-increment.
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
  /// The longest 8-bit transfer in bytes.
  let byteTransferLimit: Int
  /// What happens beyond it.
  let byteTransferExcess: ExcessResponse
  /// The number of RW_MISC items in one list.
  let listItemLimit: Int
  /// The highest access-port number; nil where the firmware does not check.
  let lastAccessPort: UInt8?
  /// The status of a sub-command that the firmware lacks.
  let unknownCommandStatus: ProbeStatus
  /// The status of a target access that gets no answer, or is made without a link.
  let noLinkStatus: ProbeStatus
  /// The status of a memory access that ends in a bus error.
  let memoryFaultStatus: ProbeStatus
  /// The status of a JTAG connect that finds no chain.
  let noChainStatus: ProbeStatus
  /// The highest SWO baud rate.
  let maximumTraceBaud: UInt32
  /// The clock of the receiver of SWO in hertz.
  let traceClock: UInt64
  /// The known faults of the version.
  let quirks: Set<FirmwareQuirk>

  /// The buffer that every reply and all memory data pass through: 6 KiB.
  static let bufferSize = 6144

  /// The traits of a version.
  init(of version: ProbeVersion) {
    blockMethod = version.choose(v2: [0: .bankedData, 28: .autoIncrement], v3: [0: .autoIncrement])
    byteTransferLimit = version.choose(v2: [0: 64], v3: [0: 64, 6: 512])
    byteTransferExcess = version.choose(v2: [0: .refuse], v3: [0: .crash, 6: .refuse])
    listItemLimit = version.choose(v2: [0: 64], v3: [0: 1227])
    lastAccessPort = version.choose(v2: [0: nil, 29: 3, 32: 8], v3: [0: 8])
    // Where the page gives no level: the two codes of a missing command belong to "older" and "newer" firmware, and
    // the old codes of a missing target and of a bus error were recorded up to J14 and J17, the new ones from J21 on.
    unknownCommandStatus = version.choose(v2: [0: .commandError, 32: .unknownCommand], v3: [0: .unknownCommand])
    noLinkStatus = version.choose(v2: [0: .commandError, 21: .apError], v3: [0: .apError])
    memoryFaultStatus = version.choose(v2: [0: .unknownError, 21: .apFault], v3: [0: .apFault])
    noChainStatus = version.choose(v2: [0: .unknownChain, 21: .noDevice], v3: [0: .noDevice])
    maximumTraceBaud = version.choose(v2: [0: 2_250_000], v3: [0: 24_000_000])
    // A V2's STM32F103 at 72 MHz; a V3's STM32F723 (blackmagic issue 1908: 192 MHz divided by whole numbers).
    traceClock = version.choose(v2: [0: 72_000_000], v3: [0: 192_000_000])
    quirks = Set(FirmwareQuirk.allCases.filter { $0.afflicts(version) })
  }
}

extension ProbeVersion {
  /// What holds for this version of values that change from a debug level on; each list begins at level 0, and V3PWR
  /// firmware (V4) has what the last V3 has.
  fileprivate func choose<Value>(
    v2: KeyValuePairs<UInt8, Value>, v3: KeyValuePairs<UInt8, Value>
  ) -> Value {
    let steps = generation >= 3 ? v3 : v2
    let level = generation > 3 ? UInt8.max : debugLevel
    return (steps.last { $0.key <= level } ?? steps[0]).value
  }
}

import Basics
public import Failures

/// What the option bytes protect, as the controller holds it (OPTCR and OPTCR1; RM0090, 3.7 and 3.9.10).
public struct ProtectionState: Sendable, Equatable {
  /// The levels of read protection (RDP).
  public enum ReadProtection: Sendable, Equatable {
    /// No limits.
    case level0
    /// A debugger gets no access to the flash; the byte is whatever was stored.
    case level1(stored: UInt8)
    /// No debugging at all, for ever.
    case level2
  }

  /// The option bytes.
  public let options: OptionBytes
  /// The sectors that can neither be erased nor programmed.
  public let writeProtectedSectors: [Sector]
  /// The sectors that only their own code can read (PCROP); they are write-protected too.
  public let codeProtectedSectors: [Sector]

  /// OPTCR.
  public var optionControl: FlashOptionControl { options.optionControl }
  /// OPTCR1; nil on parts without it.
  public var optionControl1: FlashOptionControl1? { options.optionControl1 }

  /// The level of read protection.
  public var readProtection: ReadProtection { options.readProtection }

  /// Whether the chip starts from bank 2, which its program then sees at 0x0800_0000 (BFB2).
  public var startsFromBank2: Bool { options.hasTwoBanks && options[.startsFromBank2] == 1 }

  /// What a user has to know of addresses where the chip may start from bank 2; nil elsewhere.
  func bankRemark(_ device: Device) -> String? {
    guard startsFromBank2 else { return nil }
    let bank2 = device.sectorMap.range.lowerBound + UInt32(device.flashByteCount / 2)
    return
      "BFB2 is set: the chip starts from bank 2 (\(bank2.hexadecimal)) where a program is, and its program sees that "
      + "bank at \(device.sectorMap.range.lowerBound.hexadecimal); addresses here are those of the banks in their own places"
  }

  /// What the option bytes protect.
  init(_ options: OptionBytes) {
    self.options = options
    writeProtectedSectors = options.markedSectors
    codeProtectedSectors = options.isCodeProtection ? options.markedSectors : []
  }

  /// Reads the registers; reading them changes nothing and works at RDP level 1 too.
  static func read(over access: any DebugAccess, device: Device) throws(FlashError) -> ProtectionState {
    ProtectionState(
      try FlashError.wrapping("reading the option registers") { () throws(DebugError) in
        try OptionBytes.readLoaded(access, OptionLayout(device))
      })
  }

  /// What protects the chip, by what is stored where the registers hold something that is not.
  ///
  /// - Parameter believesFlash: whether what the flash answers can be believed; else only the registers are asked.
  /// - Returns: the state, and what to tell of registers that differ; nil where they do not.
  static func readStored(
    over access: any DebugAccess, device: Device, believesFlash: Bool
  ) throws(FlashError) -> (state: ProtectionState, warning: String?) {
    let reading = try OptionReading.read(
      over: access, OptionLayout(device), believesFlash: believesFlash, onlyWhereUnlocked: true)
    return (ProtectionState(reading.lasting), reading.warning)
  }

  /// Refuses what read protection makes impossible: any access of a debugger to the flash.
  func checkReadable() throws(ProtectionRefusal) {
    if readProtection != .level0 { throw .readProtected(readProtection, options: options) }
  }

  /// Refuses to read sectors that only their own code can read.
  func checkReadable(_ sectors: [Sector]) throws(ProtectionRefusal) {
    try checkReadable()
    let refused = sectors.filter(codeProtectedSectors.contains)
    if !refused.isEmpty { throw .codeProtected(refused) }
  }

  /// Refuses to erase or program protected sectors.
  func checkWritable(_ sectors: [Sector]) throws(ProtectionRefusal) {
    try checkReadable(sectors)
    let refused = sectors.filter(writeProtectedSectors.contains)
    if !refused.isEmpty { throw .writeProtected(refused, options: options) }
  }
}

/// An operation that the option bytes forbid, refused before anything was touched.
public enum ProtectionRefusal: Error, Sendable, Equatable {
  /// Read protection is on: a debugger has no access to the flash.
  case readProtected(ProtectionState.ReadProtection, options: OptionBytes?)
  /// These sectors are write-protected.
  case writeProtected([Sector], options: OptionBytes)
  /// These sectors can be read by their own code only.
  case codeProtected([Sector])
}

extension ProtectionRefusal: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .readProtected(.level2, let options):
      FailureReport(
        .protected, "the chip is read-protected at level 2: nobody can debug or program it any more",
        evidence: [options?.evidence, "nothing was touched"].compactMap(\.self), causes: [.readProtectedForEver])
    case .readProtected(_, let options?) where options.looksErased:
      FailureReport(
        .protected, "the chip is read-protected at level 1, and its option bytes look erased",
        evidence: [options.evidence, "nothing was touched"], causes: options.optionControl.erasedCauses)
    case .readProtected(_, let options):
      FailureReport(
        .protected,
        "the chip is read-protected at level 1: a \(options == nil ? "bootloader" : "debugger") cannot read, erase or program its flash",
        evidence: [options?.evidence, "nothing was touched"].compactMap(\.self), causes: [.readProtected],
        remedies: [
          "Take it off\(with: .liftAllProtection): the chip erases its whole flash by that",
          "Cycle the power if its firmware is to run: after a debugger's visit it does not start by itself",
        ])
    case .writeProtected(let sectors, let options):
      FailureReport(
        .protected, "write-protected: \(ProtectionRefusal.names(sectors))",
        evidence: [options.evidence, "nothing was touched"], causes: [.writeProtected],
        remedies: ["Take it off\(with: .liftWriteProtection), which erases nothing"])
    case .codeProtected(let sectors):
      FailureReport(
        .protected, "protected against reading and writing (PCROP): \(ProtectionRefusal.names(sectors))",
        evidence: ["nothing was touched"], causes: [.codeProtected],
        remedies: [.liftCodeProtection])
    }
  }

  private static func names(_ sectors: [Sector]) -> String {
    sectors.map(\.description).joined(separator: ", ")
  }
}

import Basics

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

  /// OPTCR.
  public let optionControl: FlashOptionControl
  /// OPTCR1; nil on parts without it.
  public let optionControl1: FlashOptionControl1?
  /// The sectors that can neither be erased nor programmed.
  public let writeProtectedSectors: [Sector]
  /// The sectors that only their own code can read (PCROP); they are write-protected too.
  public let codeProtectedSectors: [Sector]

  /// The level of read protection.
  public var readProtection: ReadProtection {
    switch optionControl[.readProtection] {
    case 0xAA: .level0
    case 0xCC: .level2
    case let other: .level1(stored: UInt8(truncatingIfNeeded: other))
    }
  }

  /// Whether the option bytes start the independent watchdog at every reset (WDG_SW = 0).
  public var startsWatchdogAtReset: Bool { !optionControl[.softwareWatchdog] }

  /// Whether the chip starts from bank 2, which its program then sees at 0x0800_0000 (BFB2).
  public let startsFromBank2: Bool

  /// What a user has to know of addresses where the chip may start from bank 2; nil elsewhere.
  func bankRemark(_ device: Device) -> String? {
    guard startsFromBank2 else { return nil }
    let bank2 = device.sectorMap.range.lowerBound + UInt32(device.flashByteCount / 2)
    return
      "BFB2 is set: the chip starts from bank 2 (\(bank2.hexadecimal)) where a program is, and its program sees that "
      + "bank at 0x0800_0000; addresses here are those of the banks in their own places"
  }

  /// Takes the registers' values apart for a chip.
  init(optionControl: FlashOptionControl, optionControl1: FlashOptionControl1?, device: Device) {
    self.optionControl = optionControl
    self.optionControl1 = optionControl1
    startsFromBank2 = device.sectorMap.bankCount == 2 && optionControl[.startsFromBank2]
    let isCodeProtection =
      device.die.hasCodeReadProtection && optionControl[.codeProtection]
    // 0 protects against writing; with SPRMOD the meaning turns around and 1 makes the sector PCROP.
    let marked = device.sectorMap.sectors.filter { sector in
      guard sector.bank == 2 || sector.protectionBit < device.die.writeProtectionBits else { return false }
      let bits = sector.bank == 2 ? optionControl1?.protectionBits : optionControl.protectionBits
      return (bits ?? .max) >> UInt32(sector.protectionBit) & 1 == (isCodeProtection ? 1 : 0)
    }
    writeProtectedSectors = marked
    codeProtectedSectors = isCodeProtection ? marked : []
  }

  /// Reads the registers; reading them changes nothing and works at RDP level 1 too.
  static func read(over access: any DebugAccess, device: Device) throws(FlashError) -> ProtectionState {
    try FlashError.wrapping("reading the option registers") { () throws(DebugError) in
      let first = try access.read(FlashOptionControl.self)
      let second = device.die.hasSecondBank ? try access.read(FlashOptionControl1.self) : nil
      return ProtectionState(optionControl: first, optionControl1: second, device: device)
    }
  }

  /// Refuses what read protection makes impossible: any access of a debugger to the flash.
  func checkReadable() throws(ProtectionRefusal) {
    if readProtection != .level0 { throw .readProtected(readProtection, optionControl: optionControl) }
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
    if !refused.isEmpty { throw .writeProtected(refused, optionControl: optionControl) }
  }
}

extension FlashOptionControl {
  /// The nWRP bits from bit 0 on; F413/423 have 15 of them, in bits 16 to 30.
  fileprivate var protectionBits: UInt32 { rawValue >> 16 & 0x7FFF }
}

extension FlashOptionControl1 {
  fileprivate var protectionBits: UInt32 { self[.writeProtection] }
}

/// An operation that the option bytes forbid, refused before anything was touched.
public enum ProtectionRefusal: Error, Sendable, Equatable {
  /// Read protection is on: a debugger has no access to the flash.
  case readProtected(ProtectionState.ReadProtection, optionControl: FlashOptionControl)
  /// These sectors are write-protected.
  case writeProtected([Sector], optionControl: FlashOptionControl)
  /// These sectors can be read by their own code only.
  case codeProtected([Sector])
}

extension ProtectionRefusal: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .readProtected(.level2, let optionControl):
      FailureReport(
        .protected, "the chip is read-protected at level 2: nobody can debug or program it any more",
        evidence: [optionControl.description, "nothing was touched"], causes: [.readProtectedForEver])
    case .readProtected(_, let optionControl) where optionControl.looksErased:
      FailureReport(
        .protected, "the chip is read-protected at level 1, and its option bytes look erased",
        evidence: [optionControl.description, "nothing was touched"], causes: optionControl.erasedCauses)
    case .readProtected(_, let optionControl):
      FailureReport(
        .protected, "the chip is read-protected at level 1: a debugger cannot read, erase or program its flash",
        evidence: [optionControl.description, "nothing was touched"], causes: [.readProtected],
        remedies: [
          "Take it off with stflash unprotect --erase-everything: the chip erases its whole flash by that",
          "Cycle the power if its firmware is to run: after a debugger's visit it does not start by itself",
        ])
    case .writeProtected(let sectors, let optionControl):
      FailureReport(
        .protected, "write-protected: \(ProtectionRefusal.names(sectors))",
        evidence: [optionControl.description, "nothing was touched"], causes: [.writeProtected],
        remedies: ["Take it off with stflash unprotect --sectors, which erases nothing"])
    case .codeProtected(let sectors):
      FailureReport(
        .protected, "protected against reading and writing (PCROP): \(ProtectionRefusal.names(sectors))",
        evidence: ["nothing was touched"], causes: [.codeProtected],
        remedies: [
          "Take it off with stflash unprotect --erase-everything: nothing less does, and it erases the whole flash"
        ])
    }
  }

  private static func names(_ sectors: [Sector]) -> String {
    sectors.map(\.description).joined(separator: ", ")
  }
}

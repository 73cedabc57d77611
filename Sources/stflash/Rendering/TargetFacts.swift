import Basics
import Engine

/// What `info` and the messages say of a chip.
struct TargetFacts: Equatable {
  /// The chip.
  var device: Device
  /// What its option bytes protect; nil where that was not read.
  var protection: ProtectionState?

  /// The facts as members of a JSON object.
  var members: [JSONMember] {
    [
      JSONMember("name", .string(device.name)),
      JSONMember("core", .string(device.die.core.rawValue)),
      JSONMember("deviceID", .integer(Int(device.die.deviceID))),
      JSONMember("revisionID", revision == nil ? .null : .integer(Int(device.revisionID))),
      JSONMember("revision", .optional(device.revisionName)),
      JSONMember("flashBytes", .integer(device.flashByteCount)),
      JSONMember("banks", .integer(device.sectorMap.bankCount)),
      JSONMember("sectors", .integer(device.sectorMap.sectors.count)),
      JSONMember("ramBytes", .integer(device.contiguousRAMByteCount)),
    ]
      + protectionMembers
  }

  /// The chip in one line.
  var line: String {
    let banks = device.sectorMap.bankCount == 1 ? "" : " in \(device.sectorMap.bankCount) banks"
    return "\(device.name) (\(device.die.core.rawValue)), \(device.flashByteCount.byteSize) of flash\(banks)"
  }

  /// The revision as the data sheets write it; nil where the chip has not told it, as a bootloader does not.
  var revision: String? {
    guard device.revisionID != 0 else { return nil }
    let id = "0x\(String(device.revisionID, radix: 16, uppercase: true))"
    return device.revisionName.map { "revision \($0) (\(id))" } ?? "revision \(id)"
  }

  /// What is protected, in words.
  var protectionLine: String {
    guard let protection else { return "not read" }
    let written = TargetFacts.numbers(protection.writeProtectedSectors)
    let code = TargetFacts.numbers(protection.codeProtectedSectors)
    var parts = [protection.readProtection.title]
    parts.append(written.isEmpty ? "no sector write-protected" : "write-protected sectors: \(written)")
    if !code.isEmpty { parts.append("code-protected (PCROP) sectors: \(code)") }
    return parts.joined(separator: ", ")
  }

  /// The fields of the option bytes that hold something else than the factory stores, but for what protection tells; nil
  /// where there are none.
  var optionLine: String? {
    guard let options = protection?.options, !options.looksErased else { return nil }
    let fields = options.fields(differingFrom: options.factory).filter { field in
      switch field.role {
      case .readProtection, .codeProtection, .sectorProtection: false
      default: true
      }
    }
    return fields.isEmpty ? nil : fields.map { "\($0.name)=\(options.word(for: $0))" }.joined(separator: ", ")
  }

  private var protectionMembers: [JSONMember] {
    guard let protection else { return [] }
    return [
      JSONMember("readProtection", .integer(protection.readProtection.level)),
      JSONMember(
        "writeProtectedSectors", .array(protection.writeProtectedSectors.map { .integer($0.number) })),
      JSONMember("codeProtectedSectors", .array(protection.codeProtectedSectors.map { .integer($0.number) })),
      JSONMember("startsFromBank2", .boolean(protection.startsFromBank2)),
      JSONMember(
        "options",
        .strings(protection.options.layout.fields.map { "\($0.name)=\(protection.options.word(for: $0))" })),
      JSONMember("optcr", .integer(Int(protection.optionControl.rawValue))),
      JSONMember("optcr1", protection.optionControl1.map { .integer(Int($0.rawValue)) } ?? .null),
    ]
  }

  private static func numbers(_ sectors: [Sector]) -> String {
    sectors.map { String($0.number) }.joined(separator: ", ")
  }
}

extension ProtectionState.ReadProtection {
  /// The level: 0, 1 or 2.
  var level: Int {
    switch self {
    case .level0: 0
    case .level1: 1
    case .level2: 2
    }
  }

  /// The level in words.
  var title: String { "RDP level \(level)" }
}

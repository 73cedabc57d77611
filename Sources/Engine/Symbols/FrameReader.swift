/// Reads the frame descriptions of .debug_frame or .eh_frame.
struct FrameReader {
  private let section: SectionCursor
  private let part: SymbolsError.Part
  /// The address at which the section lies in memory, from which .eh_frame counts.
  private let sectionAddress: UInt32
  private var common: [Int: FrameDescription.Common] = [:]

  private var isExceptionFrames: Bool { part == .exceptionFrames }

  /// Reads the descriptions that can be read; the others are problems, and are left out.
  static func read(
    _ part: SymbolsError.Part, of sections: ELFSections
  ) -> (descriptions: [FrameDescription], problems: [SymbolsError]) {
    do throws(SymbolsError) {
      guard let cursor = try sections.cursor(part) else { return ([], []) }
      var reader = FrameReader(
        section: cursor, part: part, sectionAddress: sections[part.rawValue]?.address ?? 0)
      let (units, problems) = SectionUnit.read(cursor) { unit throws(SymbolsError) in
        try reader.description(unit)
      }
      return (units, problems)
    } catch {
      return ([], [error])
    }
  }

  private init(section: SectionCursor, part: SymbolsError.Part, sectionAddress: UInt32) {
    self.section = section
    self.part = part
    self.sectionAddress = sectionAddress
  }

  /// The FDE that a unit is; nil for a CIE, and for the end mark of .eh_frame.
  private mutating func description(_ unit: SectionUnit) throws(SymbolsError) -> FrameDescription? {
    var cursor = unit.content
    if cursor.isAtEnd { return nil }
    let idPosition = cursor.position
    // A CIE is marked with all ones, in .eh_frame with 0; in an FDE it is where the FDE's CIE is.
    let isWide = unit.is64Bit && !isExceptionFrames
    let id = try cursor.number(size: isWide ? 8 : 4)
    if id == (isExceptionFrames ? 0 : isWide ? UInt64.max : UInt64(UInt32.max)) { return nil }
    guard let distance = Int(exactly: id) else {
      throw cursor.error(.invalid("a CIE beyond every file"))
    }
    let commonStart = isExceptionFrames ? idPosition - distance : distance
    let common = try common(at: commonStart)
    let start = try pointer(&cursor, common)
    let size = try pointer(&cursor, common, isSize: true)
    if common.hasAugmentationData { try cursor.skip(try cursor.count()) }
    return FrameDescription(
      part: part, common: common, addresses: Int(start)..<Int(start) + Int(size),
      instructions: cursor.position..<cursor.end)
  }

  /// The CIE at an offset of the section.
  private mutating func common(at offset: Int) throws(SymbolsError) -> FrameDescription.Common {
    if let known = common[offset] { return known }
    var outer = section
    try outer.move(to: offset)
    let (length, is64Bit) = try outer.unitLength()
    var cursor = try section.part(outer.position..<outer.position + length)
    let read = try readCommon(&cursor, is64Bit: is64Bit)
    common[offset] = read
    return read
  }

  private func readCommon(
    _ cursor: inout SectionCursor, is64Bit: Bool
  ) throws(SymbolsError) -> FrameDescription.Common {
    try cursor.skip(is64Bit && !isExceptionFrames ? 8 : 4)
    let version = try cursor.byte()
    guard [1, 3, 4].contains(version) else {
      throw cursor.error(.unsupported("version \(version)"))
    }
    let augmentation = try cursor.text()
    var addressSize = 4
    if version >= 4 {
      addressSize = Int(try cursor.byte())
      try cursor.skip(1)
    }
    let codeAlignment = UInt32(truncatingIfNeeded: try cursor.unsigned())
    let dataAlignment = Int32(truncatingIfNeeded: try cursor.signed())
    let returnRegister = version == 1 ? Int(try cursor.byte()) : try cursor.count()
    var common = FrameDescription.Common(
      codeAlignment: codeAlignment, dataAlignment: dataAlignment, returnRegister: returnRegister,
      addressSize: addressSize, instructions: 0..<0)
    try readAugmentation(augmentation, &cursor, &common)
    common.instructions = cursor.position..<cursor.end
    return common
  }

  /// What the letters of an augmentation add: "z" a length, "R" how addresses are written, "P" and "L" what languages need.
  private func readAugmentation(
    _ augmentation: String, _ cursor: inout SectionCursor, _ common: inout FrameDescription.Common
  ) throws(SymbolsError) {
    // "armcc+" marks compilers that were right about a sign; it adds nothing.
    guard !augmentation.isEmpty, augmentation != "armcc+" else { return }
    guard augmentation.hasPrefix("z") else {
      throw cursor.error(.unsupported("augmentation \"\(augmentation)\""))
    }
    common.hasAugmentationData = true
    let length = try cursor.count()
    let start = cursor.position
    letters: for letter in augmentation.dropFirst() {
      switch letter {
      case "R": common.pointerEncoding = try cursor.byte()
      case "L": try cursor.skip(1)
      case "P":
        var personality = common
        personality.pointerEncoding = try cursor.byte()
        _ = try pointer(&cursor, personality)
      case "S": common.isSignalFrame = true
      default: break letters
      }
    }
    try cursor.move(to: start)
    try cursor.skip(length)
  }

  /// An address as the CIE says it is written (DW_EH_PE), or a size, which is never relative.
  private func pointer(
    _ cursor: inout SectionCursor, _ common: FrameDescription.Common, isSize: Bool = false
  ) throws(SymbolsError) -> UInt32 {
    let place = sectionAddress &+ UInt32(truncatingIfNeeded: cursor.position)
    let value: UInt32
    switch common.pointerEncoding & 0x0F {
    case 0x00: value = UInt32(truncatingIfNeeded: try cursor.number(size: common.addressSize))
    case 0x01: value = UInt32(truncatingIfNeeded: try cursor.unsigned())
    case 0x02: value = UInt32(try cursor.halfword())
    case 0x0A: value = UInt32(bitPattern: Int32(Int16(bitPattern: try cursor.halfword())))
    case 0x03, 0x0B: value = try cursor.word()
    case 0x04, 0x0C: value = UInt32(truncatingIfNeeded: try cursor.doubleWord())
    case 0x09: value = UInt32(truncatingIfNeeded: try cursor.signed())
    default: throw cursor.error(.unsupported("addresses with encoding \(common.pointerEncoding)"))
    }
    switch common.pointerEncoding & 0x70 {
    case 0x00: return value
    case 0x10: return isSize ? value : value &+ place
    default: throw cursor.error(.unsupported("addresses with encoding \(common.pointerEncoding)"))
    }
  }
}

/// What is wrong with what an ELF says of its program's addresses: in which part, at which place in it, and what.
public struct SymbolsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A part of an ELF that this reader reads; the raw value is its name in messages.
  public enum Part: String, Sendable, CaseIterable {
    case header = "the ELF header"
    case sectionTable = "the section header table"
    case sectionNames = "the section names"
    case symbols = ".symtab"
    case symbolNames = ".strtab"
    case lines = ".debug_line"
    case lineStrings = ".debug_line_str"
    case information = ".debug_info"
    case abbreviations = ".debug_abbrev"
    case strings = ".debug_str"
    case stringOffsets = ".debug_str_offsets"
    case addresses = ".debug_addr"
    case ranges = ".debug_ranges"
    case rangeLists = ".debug_rnglists"
    case frames = ".debug_frame"
    case exceptionFrames = ".eh_frame"
    case exceptionIndex = ".ARM.exidx"
    case exceptionTable = ".ARM.extab"
  }

  /// What is wrong.
  public enum Reason: Sendable, Hashable {
    /// The part ends in the middle of something, or points beyond its end.
    case truncated
    /// A value that the format does not allow: what it is of, and what was found.
    case invalid(String)
    /// What the format allows and this reader does not read.
    case unsupported(String)
  }

  /// The part of the file.
  public var part: Part
  /// Where in that part, in bytes from its beginning.
  public var offset: Int
  /// What is wrong there.
  public var reason: Reason

  init(_ reason: Reason, in part: Part, at offset: Int) {
    self.reason = reason
    self.part = part
    self.offset = offset
  }

  /// In one phrase: ".debug_line, byte 52: cut off".
  public var description: String {
    switch reason {
    case .truncated: "\(part.rawValue), byte \(offset): cut off"
    case .invalid(let what): "\(part.rawValue), byte \(offset): \(what)"
    case .unsupported(let what): "\(part.rawValue), byte \(offset): \(what), which is not read"
    }
  }
}

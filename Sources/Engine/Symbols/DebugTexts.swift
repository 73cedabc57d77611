/// The texts that debug information refers to.
struct DebugTexts: Sendable {
  let sections: ELFSections

  /// A text by its place; nil where it is none or lies nowhere.
  ///
  /// `offsetsBase` is where the unit's part of .debug_str_offsets begins, and how long an offset is.
  func text(_ value: DebugForm.Value, offsetsBase: Int? = nil, is64Bit: Bool = false) -> String? {
    switch value {
    case .text(let part, let offset): return text(part, offset)
    case .numberedText(let number):
      guard let offsetsBase, var cursor = try? sections.cursor(.stringOffsets) else { return nil }
      let (distance, overflow) = number.multipliedReportingOverflow(by: is64Bit ? 8 : 4)
      guard !overflow, (try? cursor.move(to: offsetsBase &+ distance)) != nil,
        let offset = try? cursor.offset(is64Bit: is64Bit)
      else { return nil }
      return text(.strings, offset)
    default: return nil
    }
  }

  private func text(_ part: SymbolsError.Part, _ offset: Int) -> String? {
    guard var cursor = try? sections.cursor(part), (try? cursor.move(to: offset)) != nil else {
      return nil
    }
    return try? cursor.text()
  }
}

/// A unit of debug information: a section of it consists of such, each with its length in front.
struct SectionUnit {
  /// Where the length stands in the section.
  let start: Int
  /// What follows the length, with the cursor at its beginning.
  let content: SectionCursor
  /// Whether offsets in it have 8 bytes.
  let is64Bit: Bool

  /// Reads every unit of a section; one that cannot be read is a problem, and is left out.
  ///
  /// `read` gives nil for a unit that is of no use.
  static func read<Unit>(
    _ section: SectionCursor, _ read: (SectionUnit) throws(SymbolsError) -> Unit?
  ) -> (units: [Unit], problems: [SymbolsError]) {
    var section = section
    var (units, problems): ([Unit], [SymbolsError]) = ([], [])
    while !section.isAtEnd {
      do throws(SymbolsError) {
        let unit = try next(&section)
        do throws(SymbolsError) {
          if let unit = try read(unit) { units.append(unit) }
        } catch {
          problems.append(error)
        }
      } catch {
        // Without a length nobody knows where the next one begins.
        problems.append(error)
        break
      }
    }
    return (units, problems)
  }

  private static func next(_ section: inout SectionCursor) throws(SymbolsError) -> SectionUnit {
    let start = section.position
    let (length, is64Bit) = try section.unitLength()
    let content = try section.part(section.position..<section.position + length)
    try section.skip(length)
    return SectionUnit(start: start, content: content, is64Bit: is64Bit)
  }
}

/// Which line of source the code at an address was made of (.debug_line).
///
/// When it is made, every line program is run once to learn where its sequences lie; a question runs one sequence again.
struct LineTable: Sendable {
  /// A run of addresses that a line program describes in one go.
  private struct Sequence: Sendable {
    var unit: Int
    /// Where its part of the program begins, in .debug_line.
    var start: Int
  }

  private let sections: ELFSections
  private let units: [LineUnit]
  private let sequences: AddressIndex<Sequence>
  /// The folder of each unit's compilation, by the unit's offset.
  private let compilationFolders: [Int: String]
  /// What could not be read and was left out.
  let problems: [SymbolsError]

  /// Reads the whole table; `information` is what .debug_info has.
  init(_ sections: ELFSections, information: [InformationUnit]) {
    self.sections = sections
    let texts = DebugTexts(sections: sections)
    var folders: [Int: String] = [:]
    for unit in information {
      guard let offset = unit.number(InformationUnit.AttributeName.lineTable),
        folders[offset] == nil
      else { continue }
      folders[offset] = unit.compilationFolder(texts)
    }
    compilationFolders = folders
    var entries: [AddressIndex<Sequence>.Entry] = []
    var (units, problems): ([LineUnit], [SymbolsError]) = ([], [])
    do throws(SymbolsError) {
      if let cursor = try sections.cursor(.lines) {
        (units, problems) = SectionUnit.read(cursor) { unit throws(SymbolsError) in
          try LineUnit(unit)
        }
        for index in units.indices {
          do throws(SymbolsError) {
            try LineTable.collect(&entries, units[index], index, cursor, sections)
          } catch {
            problems.append(error)
          }
        }
      }
    } catch {
      problems.append(error)
    }
    self.units = units
    self.problems = problems
    // Copies of an inline function that the linker has left out describe the one that it has kept: the first one wins.
    sequences = AddressIndex(entries.reversed())
  }

  /// Whether there is a line for any address.
  var isEmpty: Bool { sequences.entries.isEmpty }

  /// The place in the source; nil where the table does not say it.
  func location(at address: UInt32) -> SourceLine? {
    guard let sequence = sequences.nearest(to: address)?.element else { return nil }
    return try? location(at: address, in: sequence)
  }

  /// The place of a line in a file that a unit's table numbers; `unit` is where the table begins.
  func location(file: Int, line: Int?, column: Int?, unit offset: Int) -> SourceLine? {
    guard let unit = units.first(where: { $0.offset == offset }),
      let path = try? self.file(file, of: unit)
    else {
      return nil
    }
    return SourceLine(file: path, line: line, column: column.flatMap { $0 > 0 ? $0 : nil })
  }

  private func location(at address: UInt32, in sequence: Sequence) throws(SymbolsError)
    -> SourceLine?
  {
    guard let section = try sections.cursor(.lines) else { return nil }
    let unit = units[sequence.unit]
    var program = try LineProgram(unit, in: section, from: sequence.start)
    guard let row = try LineTable.row(at: address, &program) else { return nil }
    guard let file = try file(row.file, of: unit, added: program.addedFiles) else { return nil }
    return SourceLine(
      file: file, line: row.line > 0 ? row.line : nil, column: row.column > 0 ? row.column : nil)
  }

  /// A file by its number in a unit.
  private func file(
    _ number: Int, of unit: LineUnit, added: [LineProgram.AddedFile] = []
  ) throws(SymbolsError) -> String? {
    guard let section = try sections.cursor(.lines) else { return nil }
    let files = try LineFiles(unit, in: section, texts: DebugTexts(sections: sections))
    return files.path(number, added: added, compilationFolder: compilationFolders[unit.offset])
  }

  /// The row of a sequence that is valid at an address: the last one before the next address.
  private static func row(at address: UInt32, _ program: inout LineProgram) throws(SymbolsError)
    -> LineProgram.Row?
  {
    var last: LineProgram.Row?
    while let row = try program.next() {
      if let last, last.address <= address, address < row.address { return last }
      if row.endsSequence { return nil }
      last = row
    }
    return nil
  }

  /// Runs a whole line program, and adds its sequences.
  private static func collect(
    _ entries: inout [AddressIndex<Sequence>.Entry], _ unit: LineUnit, _ index: Int,
    _ section: SectionCursor,
    _ sections: ELFSections
  ) throws(SymbolsError) {
    var program = try LineProgram(unit, in: section)
    var sequence = Sequence(unit: index, start: program.position)
    var (low, high) = (UInt32.max, UInt32.min)
    while let row = try program.next() {
      low = min(low, row.address)
      high = max(high, row.address)
      guard row.endsSequence else { continue }
      if low < high, sections.mayHoldCode(low) {
        entries.append(.init(range: Int(low)..<Int(high), element: sequence))
      }
      sequence.start = program.position
      (low, high) = (.max, .min)
    }
  }
}

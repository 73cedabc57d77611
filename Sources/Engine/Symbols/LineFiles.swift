/// The files that a line table names, put together with their folders.
///
/// Source: DWARF 5, 6.2.4.1, and DWARF 4, 6.2.4. Up to version 4 files count from 1 and folder 0 is the compilation's
/// own, which only .debug_info names; from version 5 on both count from 0 and folder 0 is in the table.
struct LineFiles {
  private struct Name {
    var text: DebugForm.Value
    var folder: Int
  }

  private var folders: [DebugForm.Value] = []
  private var files: [Name] = []
  private let texts: DebugTexts
  /// The number of the first file.
  private let firstFile: Int
  private let unit: LineUnit

  /// Reads the tables of a unit; `section` is the whole of .debug_line.
  init(_ unit: LineUnit, in section: SectionCursor, texts: DebugTexts) throws(SymbolsError) {
    self.texts = texts
    self.unit = unit
    firstFile = unit.version >= 5 ? 0 : 1
    var cursor = try section.part(unit.tables)
    if unit.version >= 5 {
      folders = try LineFiles.table(&cursor, unit).map(\.text)
      files = try LineFiles.table(&cursor, unit)
    } else {
      try readOldTables(&cursor)
    }
  }

  /// A file by its number, with its folder; nil where the table has no such file.
  ///
  /// `compilationFolder` is what .debug_info says of the unit.
  func path(_ number: Int, added: [LineProgram.AddedFile], compilationFolder: String?) -> String? {
    let index = number - firstFile
    if index >= 0, index < files.count {
      guard let name = text(files[index].text) else { return nil }
      return path(name, folder: files[index].folder, compilationFolder)
    }
    guard added.indices.contains(index - files.count) else { return nil }
    let file = added[index - files.count]
    return path(file.name, folder: file.folder, compilationFolder)
  }

  private func path(_ name: String, folder: Int, _ compilationFolder: String?) -> String {
    let index = unit.version >= 5 ? folder : folder - 1
    let own = folders.indices.contains(index) ? text(folders[index]) : nil
    let first = unit.version >= 5 ? folders.first.flatMap(text) : nil
    // Folder 0 is the compilation's own, below which the others are.
    let parts = [first ?? compilationFolder, folder == 0 ? nil : own, name]
    return parts.compactMap(\.self).reduce("", LineFiles.join)
  }

  /// A path below a folder, unless it starts at the root itself; "." adds nothing.
  private static func join(_ folder: String, _ path: String) -> String {
    var path = path[...]
    while path.hasPrefix("./") { path = path.dropFirst(2).drop { $0 == "/" } }
    if path == "." { path = "" }
    // Compilers on Windows write "C:\" or "C:/".
    let isAbsolute = path.hasPrefix("/") || path.hasPrefix("\\") || path.dropFirst().hasPrefix(":")
    if folder.isEmpty || isAbsolute || path.isEmpty { return path.isEmpty ? folder : String(path) }
    return folder + (folder.hasSuffix("/") || folder.hasSuffix("\\") ? "" : "/") + path
  }

  private func text(_ value: DebugForm.Value) -> String? {
    texts.text(value)
  }

  /// The tables up to version 4: folders, and files with folder, time and size, each ended by an empty name.
  private mutating func readOldTables(_ cursor: inout SectionCursor) throws(SymbolsError) {
    while true {
      let start = try cursor.skipText()
      if cursor.position == start + 1 { break }
      folders.append(.text(.lines, offset: start))
    }
    while true {
      let start = try cursor.skipText()
      if cursor.position == start + 1 { break }
      let folder = try cursor.count()
      _ = try cursor.unsigned()
      _ = try cursor.unsigned()
      files.append(Name(text: .text(.lines, offset: start), folder: folder))
    }
  }

  /// A table of version 5, which says itself what its entries consist of.
  private static func table(_ cursor: inout SectionCursor, _ unit: LineUnit) throws(SymbolsError)
    -> [Name]
  {
    var format: [(content: Int, form: Int)] = []
    for _ in 0..<(try cursor.byte()) { format.append((try cursor.count(), try cursor.count())) }
    let count = try cursor.count()
    // An entry without a field would be repeated for nothing; the others end with the section.
    guard !format.isEmpty || count == 0 else {
      throw cursor.error(.invalid("\(count) entries without fields"))
    }
    let encoding = DebugForm.Encoding(
      version: unit.version, addressSize: unit.addressSize, is64Bit: unit.is64Bit)
    var names: [Name] = []
    for _ in 0..<count {
      var name = Name(text: .other, folder: 0)
      let start = cursor.position
      for (content, form) in format {
        let value = try DebugForm.read(form, &cursor, encoding)
        switch (content, value) {
        case (1, _): name.text = value  // DW_LNCT_path
        case (2, .number(let folder)): name.folder = Int(truncatingIfNeeded: folder)  // DW_LNCT_directory_index
        default: break  // time, size, checksum, source
        }
      }
      guard cursor.position > start else {
        throw cursor.error(.invalid("\(count) entries without bytes"))
      }
      names.append(name)
    }
    return names
  }
}

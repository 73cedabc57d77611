import Basics

/// How to find the caller of a function by the tables for C++ and Rust: .ARM.exidx and .ARM.extab.
///
/// They are in the program itself, so that they are there without debug information; they are right where functions call
/// others, and not in the instructions by which these begin and end.
///
/// Source: Exception Handling ABI for the Arm Architecture (IHI 0038), 6, 7 and 10.
struct ExceptionIndex: Sendable {
  /// What is known of a function.
  private enum Description {
    /// The function lets no exception through; nothing is said of its frame.
    case cannotUnwind
    /// The instructions for its frame.
    case instructions([UInt8])
  }

  private let sections: ELFSections
  /// The functions' addresses in the order of the table, which is their own, and where their entries are.
  private let functions: AddressIndex<Int>

  /// EXIDX_CANTUNWIND.
  private static let cannotUnwind: UInt32 = 1
  private static let entrySize = 8

  init(_ sections: ELFSections) {
    self.sections = sections
    functions = AddressIndex((try? ExceptionIndex.entries(sections)) ?? [])
  }

  /// The caller of the function that an address belongs to; nil where the tables say nothing of it.
  func caller<E: Error>(
    of registers: UnwindRegisters, at address: UInt32, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallFrameInformation.Outcome? {
    guard let entry = functions.nearest(to: address)?.element,
      let description = try? description(entry),
      case .instructions(let instructions) = description
    else { return nil }
    var program = ExceptionIndexProgram(instructions, registers: registers)
    return try program.caller(read)
  }

  /// The functions, each up to the next one; the last one up to the end of the section that it is in.
  private static func entries(_ sections: ELFSections) throws(SymbolsError) -> [AddressIndex<Int>
    .Entry]
  {
    guard let section = sections[SymbolsError.Part.exceptionIndex.rawValue],
      var cursor = try sections.cursor(.exceptionIndex)
    else { return [] }
    var starts: [(address: Int, entry: Int)] = []
    while cursor.end - cursor.position >= entrySize {
      let entry = cursor.position
      let address = relative(try cursor.word(), at: section.address &+ UInt32(entry))
      try cursor.skip(4)
      starts.append((Int(address), entry))
    }
    return starts.indices.map { index in
      let start = starts[index].address
      let code = sections.all.first { $0.isAllocated && $0.addresses.contains(start) }
      let next = index + 1 < starts.count ? starts[index + 1].address : Int.max
      return .init(
        range: start..<max(start, min(next, code?.addresses.upperBound ?? start)),
        element: starts[index].entry)
    }
  }

  /// An address that is written as the distance from where it is written, in 31 bits (prel31).
  private static func relative(_ word: UInt32, at place: UInt32) -> UInt32 {
    place &+ UInt32(bitPattern: Int32(bitPattern: word << 1) >> 1)
  }

  private func description(_ entry: Int) throws(SymbolsError) -> Description? {
    guard let section = sections[SymbolsError.Part.exceptionIndex.rawValue],
      var cursor = try sections.cursor(.exceptionIndex)
    else { return nil }
    try cursor.move(to: entry + 4)
    let word = try cursor.word()
    if word == ExceptionIndex.cannotUnwind { return .cannotUnwind }
    // In the index itself there is room for three instructions only.
    if word >> 31 == 1 { return .instructions(Array(word.bigEndianBytes.dropFirst())) }
    return try table(at: ExceptionIndex.relative(word, at: section.address &+ UInt32(entry) &+ 4))
  }

  /// The instructions of an entry of .ARM.extab.
  private func table(at address: UInt32) throws(SymbolsError) -> Description? {
    guard let section = sections[SymbolsError.Part.exceptionTable.rawValue],
      address >= section.address,
      var cursor = try sections.cursor(.exceptionTable)
    else { return nil }
    try cursor.move(to: Int(address - section.address))
    var word = try cursor.word()
    if word >> 31 == 1 {
      let model = word >> 24 & 0xF
      if model == 0 { return .instructions(Array(word.bigEndianBytes.dropFirst())) }
      guard model <= 2 else { throw cursor.error(.unsupported("model \(model)")) }
      return .instructions(
        Array(word.bigEndianBytes.dropFirst(2)) + (try words(Int(word >> 16 & 0xFF), &cursor)))
    }
    // A routine of the language's own: GNU's for C++ goes on as model 1, with the number of words in the first byte.
    word = try cursor.word()
    return .instructions(
      Array(word.bigEndianBytes.dropFirst()) + (try words(Int(word >> 24), &cursor)))
  }

  private func words(_ count: Int, _ cursor: inout SectionCursor) throws(SymbolsError) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes += try cursor.word().bigEndianBytes }
    return bytes
  }
}

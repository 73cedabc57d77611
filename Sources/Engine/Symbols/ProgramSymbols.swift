import Basics

/// What the ELF of a program says of its addresses: names, lines of source, and how to unwind the stack.
///
/// Making one reads the symbol table; lines and frames are read when they are first asked for. Names are as the file has
/// them: those of C++ and Rust stay mangled.
///
/// Source: Tool Interface Standard, Executable and Linking Format, version 1.2; DWARF 2 to 5.
public struct ProgramSymbols: Sendable, CustomStringConvertible {
  private let sections: ELFSections
  private let symbols: SymbolTable
  private let information = MadeOnce<(units: [InformationUnit], problems: [SymbolsError])>()
  private let lines = MadeOnce<LineTable>()
  private let functions = MadeOnce<FunctionTable>()
  private let frames = MadeOnce<CallFrameInformation>()
  private let exceptions = MadeOnce<ExceptionIndex>()

  /// Reads an ELF; one that was stripped has nothing to say, and is no error.
  public init(elf: [UInt8]) throws(SymbolsError) {
    sections = try ELFSections(elf)
    symbols = try SymbolTable(sections)
  }

  /// The address at which the program says that it starts, without the Thumb bit; nil where it does not say.
  public var entryPoint: UInt32? { sections.entryPoint.map { $0 & ~1 } }

  /// The symbol that holds an address, and how far behind its beginning the address is; nil where none does.
  ///
  /// Of several, one with a size counts more than one without, then code before data, then global before local before
  /// weak. Behind a label without a size it is the label, up to the next symbol of its section.
  public func symbol(at address: UInt32) -> (symbol: ProgramSymbol, offset: UInt32)? {
    symbols.symbol(at: address).map { ($0, address - $0.address) }
  }

  /// The symbol of a name; of several, a global one before a weak one before a local one.
  public func symbol(named name: String) -> ProgramSymbol? {
    symbols.symbol(named: name)
  }

  /// The symbols that lie in a section of that name, in the order of the file.
  public func symbols(inSection name: String) -> [ProgramSymbol] {
    symbols.symbols(inSection: name)
  }

  /// Whether the file has a section of that name.
  public func hasSection(_ name: String) -> Bool {
    sections[name] != nil
  }

  /// The bytes of a section; nil where the file has no such section, or no bytes for it.
  public func sectionContent(named name: String) -> ArraySlice<UInt8>? {
    sections[name]?.fileRange.map { sections.bytes[$0] }
  }

  /// The address of a section's first byte; nil where the file has no such section.
  public func sectionAddress(named name: String) -> UInt32? {
    sections[name].map { UInt32($0.addresses.lowerBound) }
  }

  /// Whether an address is one of code: in a section that holds instructions, or in a function that is among data, as
  /// one that runs in RAM may be.
  public func isCode(_ address: UInt32) -> Bool {
    sections.all.contains {
      $0.isAllocated && $0.isExecutable && $0.addresses.contains(Int(address))
    }
      || symbols.symbol(at: address)?.kind == .function
  }

  /// Whether the instruction before an address is a call, so that a function may return to it.
  func followsCall(_ address: UInt32) -> Bool {
    sections.followsCall(address)
  }

  /// Whether the file says for any address from which line it comes; false for a program that was built without -g.
  public var hasLines: Bool { !lineTable.isEmpty }

  /// The line of source from which the code at an address was made; nil where the file does not say it.
  ///
  /// For a return address, ask for the address before it: the call may be the last instruction of its line.
  public func line(at address: UInt32) -> SourceLine? {
    lineTable.location(at: address)
  }

  /// The functions of the source that are at work at an address, the innermost first: those that the compiler has put into
  /// others, and the one that the code belongs to; none where the file does not say it.
  ///
  /// For a return address, ask for the address before it.
  public func functions(at address: UInt32) -> [SourceFunction] {
    functions.value { FunctionTable(sections, information: informationUnits.units) }
      .functions(at: address, lines: lineTable)
  }

  /// How to find the caller of a function.
  public var callFrames: CallFrameInformation {
    frames.value { CallFrameInformation(sections) }
  }

  /// How to find it where only the tables for exceptions say so.
  var exceptionIndex: ExceptionIndex {
    exceptions.value { ExceptionIndex(sections) }
  }

  /// Where a core stands in the program, and how it came there; at most `limit` frames.
  ///
  /// `read` gives the word at an address of the chip's memory, or nil where it cannot be read, as behind a stack that has
  /// overflown; what it throws ends the search.
  public func callStack<E: Error>(
    of core: HaltedCore, limit: Int = 64, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallStack {
    var walk = StackWalk(self, from: core)
    let end = try walk.walk(from: core.registers, limit: limit, read: read)
    return CallStack(frames: walk.frames, end: end)
  }

  /// What of the debug information could not be read, and was left out.
  ///
  /// Asking reads all of it.
  public var problems: [SymbolsError] {
    informationUnits.problems + lineTable.problems + callFrames.problems
  }

  /// In a phrase, without the file's bytes.
  public var description: String { "the symbols of a program of \(sections.bytes.count.inBytes)" }

  private var informationUnits: (units: [InformationUnit], problems: [SymbolsError]) {
    information.value { InformationUnit.all(sections) }
  }

  private var lineTable: LineTable {
    lines.value { LineTable(sections, information: informationUnits.units) }
  }
}

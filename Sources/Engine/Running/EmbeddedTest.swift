import Basics

/// A test in a program, as the Rust crate embedded-test puts it into the ELF from version 0.7 on.
///
/// Each is a symbol of the section `.embedded_test`, which is not loaded: its name is a JSON object, its content the address
/// of the function and the path of its module. The program is told by semihosting's command line which one to run.
public struct EmbeddedTest: Sendable, Equatable {
  /// The test's name with its module: "tests::it_works".
  public var name: String
  /// The address of its function, as the program takes it.
  public var address: UInt32
  /// Whether it is only run when that is asked for.
  public var isIgnored: Bool
  /// Whether it is passed when it gives up.
  public var shouldPanic: Bool
  /// How long it may take; nil where it does not say.
  public var timeLimit: Duration?

  fileprivate static let section = ".embedded_test"
  fileprivate static let versionSymbol = "EMBEDDED_TEST_VERSION"
  /// The version of the protocol that is spoken here.
  private static let version: UInt32 = 1

  /// What makes a program's tests unusable.
  public enum ListError: Error, Sendable, Equatable {
    /// The protocol has another version.
    case version(UInt32)
    /// A test's symbol is not as it should be.
    case malformed(String)
  }

  /// What the program is told to run it.
  public var commandLine: String { "run_addr \(address)" }

  /// The tests of a program, by name; nil where it has none of this kind.
  public static func list(_ symbols: ProgramSymbols, _ image: FirmwareImage) throws(ListError) -> [EmbeddedTest]? {
    guard symbols.holdsTests, let content = symbols.sectionContent(named: section),
      let start = symbols.sectionAddress(named: section)
    else { return nil }
    var tests: [EmbeddedTest] = []
    for symbol in symbols.symbols(inSection: section) where symbol.kind == .object {
      let offset = Int(symbol.address) - Int(start)
      let isVersion = symbol.name == versionSymbol
      guard offset >= 0, offset + (isVersion ? 4 : 12) <= content.count else { throw .malformed(symbol.name) }
      let bytes = Array(content.dropFirst(offset).prefix(12))
      if isVersion {
        let found = bytes.littleEndianWord(at: 0)
        guard found == version else { throw .version(found) }
        continue
      }
      guard let facts = FlatJSON.members(of: symbol.name), case .text(let name)? = facts["name"] else {
        throw .malformed(symbol.name)
      }
      let path = text(at: bytes.littleEndianWord(at: 4), count: bytes.littleEndianWord(at: 8), image)
      // The first part is the crate, which is the same for all of them.
      let module = path.split(separator: "::").dropFirst().joined(separator: "::")
      var timeLimit: Duration?
      if case .number(let seconds)? = facts["timeout"] { timeLimit = .seconds(seconds) }
      tests.append(
        EmbeddedTest(
          name: module.isEmpty ? name : "\(module)::\(name)", address: bytes.littleEndianWord(at: 0),
          isIgnored: facts["ignored"] == .truth(true), shouldPanic: facts["should_panic"] == .truth(true),
          timeLimit: timeLimit))
    }
    return tests.sorted { ($0.name, $0.address) < ($1.name, $1.address) }
  }

  private static func text(at address: UInt32, count: UInt32, _ image: FirmwareImage) -> String {
    guard count > 0, count < 4096, let bytes = image.bytes(in: address...(address &+ (count - 1))) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ProgramSymbols {
  /// Whether the program holds tests of embedded-test.
  public var holdsTests: Bool { hasSection(EmbeddedTest.section) && symbol(named: EmbeddedTest.versionSymbol) != nil }
}

import Engine
import TestSupport
import Testing

/// Programs with debug information and what other tools say of them: Tests/Fixtures/symbols.
enum SymbolFixture {
  /// The programs that are made of stacks.c.
  static let names = [
    "gcc-O0-dwarf2", "gcc-Og-dwarf3", "gcc-O2-dwarf4", "gcc-Os-lto-dwarf5", "clang-O1-dwarf5",
  ]

  private static let folder = "Tests/Fixtures/symbols/"

  static func bytes(_ name: String) throws -> [UInt8] {
    try PackageFiles.bytes(folder + name + ".elf")
  }

  static func program(_ name: String) throws -> ProgramSymbols {
    try ProgramSymbols(elf: bytes(name))
  }

  /// The words of each line of a file of what another tool says.
  static func words(_ name: String) throws -> [[String]] {
    try PackageFiles.text(folder + name).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
  }
}

extension UInt32 {
  /// A number of a fixture, in hexadecimal without a prefix.
  init(hexadecimal text: String) throws {
    self = try #require(UInt32(text, radix: 16))
  }
}

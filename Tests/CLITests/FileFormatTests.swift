import Engine
import Testing

@testable import stflash

/// The engine's file formats by their names on the command line.
struct FileFormatTests {
  @Test(arguments: ImageFormat.allCases)
  func `every format can be asked for, and the help of write names it`(format: ImageFormat) throws {
    let name = FileFormat(format)
    #expect(name.imageFormat == format, "FileFormat in ImageOptions.swift has no case for \(format)")
    let help = CommandLineBench().run("write --help").output.split { $0.isWhitespace }.joined(separator: " ")
    let list = try #require(help.firstMatch(of: /Read the file as this format: ([^.]*)\./))
    let words = list.1.split { !$0.isLetter && !$0.isNumber }
    #expect(words.contains(Substring(name.rawValue)), "ImageOptions.format's help")
    #expect(help.contains(format.title), "ImageOptions.file's help does not name \(format.title)")
  }
}

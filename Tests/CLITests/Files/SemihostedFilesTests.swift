import Engine
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a program on a chip reaches of this computer.
struct SemihostedFilesTests {
  private let directory = TemporaryDirectory()

  private func files(mayWrite: Bool = true) throws -> SemihostedFiles {
    let bench = CommandLineBench()
    return try SemihostedFiles(
      below: directory.file("inside"), mayWrite: mayWrite, time: 7, takesInput: false,
      CommandContext(
        arguments: [], files: bench.files, bus: bench.bus, reporter: JSONReporter(output: BufferSink()),
        verbosity: .quiet,
        interruption: bench.interruption))
  }

  private func prepare() throws {
    try #require(mkdir(directory.file("inside"), 0o777) == 0)
    try #require(mkdir(directory.file("inside/deep"), 0o777) == 0)
    try directory.write("secret", [1])
    try directory.write("inside/plain", Array("plain".utf8))
    try #require(symlink("../secret", directory.file("inside/link")) == 0)
    try #require(symlink("..", directory.file("inside/up")) == 0)
    try #require(mkfifo(directory.file("inside/pipe"), 0o666) == 0)
  }

  @Test(arguments: [
    "../secret", "/etc/passwd", "link", "up/secret", "deep/../../secret", "deep/..", "..", ".", "", "pipe", "a\u{0}b",
    "deep",
  ])
  func `no name leads out of the directory, or to what is no file`(name: String) throws {
    try prepare()
    let files = try files()
    for mode in 0..<12 {
      let mode = try #require(SemihostingFileMode(rawValue: UInt32(mode)))
      #expect(throws: SemihostingFileError.self) { try files.open(name, mode) }
    }
    #expect(throws: SemihostingFileError.self) { try files.rename("plain", to: "../\(name)") }
    if name.hasPrefix("..") || name.contains("/") {
      #expect(throws: SemihostingFileError.self) { try files.remove(name) }
    }
    #expect(try FileSystem().read(directory.file("secret")) == [1])
  }

  @Test func `a file is written, read, looked at, renamed and removed`() throws {
    try prepare()
    let files = try files()
    func mode(_ number: UInt32) throws -> SemihostingFileMode { try #require(SemihostingFileMode(rawValue: number)) }
    let made = try files.open("deep/./new", try mode(4))
    try made.write(Array("0123456789".utf8))
    #expect(throws: SemihostingFileError.self) { try made.read(atMost: 1) }
    try made.close()
    let more = try files.open("deep/new", try mode(8))
    try more.write([0x41])
    #expect(try more.length() == 11)
    try more.close()
    let read = try files.open("deep/new", try mode(0))
    try read.seek(to: 8)
    #expect(try read.read(atMost: 100) == Array("89A".utf8))
    #expect(try read.read(atMost: 100) == [])
    try files.rename("deep/new", to: "other")
    #expect(try FileSystem().read(directory.file("inside/other")).count == 11)
    try files.remove("other")
    #expect(throws: SemihostingFileError.notFound) { try files.open("other", try mode(0)) }
    #expect(files.remarks == [])
  }

  @Test func `what may only be read stays as it is`() throws {
    try prepare()
    let files = try files(mayWrite: false)
    for number in [2, 4, 6, 8, 10] as [UInt32] {
      let mode = try #require(SemihostingFileMode(rawValue: number))
      #expect(throws: SemihostingFileError.denied) { try files.open("plain", mode) }
    }
    #expect(throws: SemihostingFileError.denied) { try files.remove("plain") }
    #expect(throws: SemihostingFileError.denied) { try files.rename("plain", to: "x") }
    let mode = try #require(SemihostingFileMode(rawValue: 0))
    #expect(try files.open("plain", mode).read(atMost: 9) == Array("plain".utf8))
    #expect(files.remarks.count == 1 && files.secondsSince1970 == 7)
  }
}

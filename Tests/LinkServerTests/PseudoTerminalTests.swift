import SimProbe
import Sockets
import Testing

@testable import LinkServer

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Serial ports that other programs open.
@Suite struct PseudoTerminalTests {
  /// A program's end of a terminal.
  private final class Opened {
    let descriptor: Int32

    init(_ path: String) throws {
      descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
      try #require(descriptor >= 0)
    }

    deinit { close(descriptor) }

    func write(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      return bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }

    func read() -> String {
      var bytes = [UInt8](repeating: 0, count: 100)
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    func set(_ change: (inout termios) -> Void) {
      var settings = termios()
      tcgetattr(descriptor, &settings)
      change(&settings)
      tcsetattr(descriptor, TCSANOW, &settings)
    }
  }

  private static func link(_ name: String) -> String { "/tmp/stflash-\(getpid())-\(name)" }

  @Test func `both ends hear each other, byte by byte and without an echo`() throws {
    let terminal = try PseudoTerminal()
    let program = try Opened(terminal.path)
    #expect(program.write("ls\r\u{3}"))
    #expect(terminal.read(atMost: 10) == Array("ls\r\u{3}".utf8))
    terminal.write(Array("a\r\nb".utf8))
    #expect(program.read() == "a\r\nb")
    #expect(terminal.read(atMost: 10) == [])
  }

  @Test func `what is sent to nobody is lost, and nobody is waited for`() throws {
    let terminal = try PseudoTerminal()
    #expect(terminal.read(atMost: 1) == [])
    #expect(terminal.descriptor == nil)
    terminal.write([1, 2, 3])
    var program: Opened? = try Opened(terminal.path)
    #expect(terminal.read(atMost: 1) == [])
    #expect(terminal.descriptor != nil)
    #expect(program?.read() == "")
    #expect(program?.write("bye") == true)
    program = nil
    #expect(terminal.read(atMost: 10) == Array("bye".utf8))
    #expect(terminal.read(atMost: 10) == [])
    #expect(terminal.descriptor == nil)
  }

  @Test func `the rate is that which a program sets`() throws {
    let terminal = try PseudoTerminal()
    #expect(terminal.setting == .baud(115_200))
    let program = try Opened(terminal.path)
    program.set { cfsetspeed(&$0, speed_t(B57600)) }
    #expect(terminal.setting == .baud(57_600))
    program.set { cfsetspeed(&$0, speed_t(B0)) }
    #expect(terminal.setting == nil)
  }

  @Test func `a link leads to it as long as it is there, and replaces one that was left behind`() throws {
    let link = Self.link("tty")
    symlink("/dev/pts/9999", link)
    do {
      let terminal = try PseudoTerminal(link: link)
      #expect(terminal.path == link)
      let program = try Opened(link)
      #expect(program.write("x"))
      #expect(terminal.read(atMost: 10) == [0x78])
    }
    #expect(access(link, F_OK) != 0)
    var status = stat()
    #expect(lstat(link, &status) != 0)
  }

  @Test func `what stands at the link's path already is left alone`() throws {
    let path = Self.link("file")
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    defer { unlink(path) }
    #expect(throws: ServerError.self) { try PseudoTerminal(link: path) }
    #expect(access(path, F_OK) == 0)
  }
}

import LinkInterface
import Testing

@testable import Links

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Serial ports of the system, by pseudo-terminals.
@Suite struct SerialPortFileTests {
  /// The other end of a pseudo-terminal.
  private final class Master {
    let descriptor: CInt
    let path: String

    init() throws {
      descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      // TIOCSPTLCK and TIOCGPTN (ioctl_tty(2)).
      var (lock, number): (CInt, CInt) = (0, 0)
      try #require(descriptor >= 0 && ioctl(descriptor, 0x4004_5431, &lock) == 0)
      try #require(ioctl(descriptor, 0x8004_5430, &number) == 0)
      path = "/dev/pts/\(number)"
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) { _ = write(descriptor, bytes, bytes.count) }

    func receive(_ count: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: count)
      while bytes.count < count {
        let received = read(descriptor, &buffer, count - bytes.count)
        guard received > 0 else { break }
        bytes += buffer.prefix(received)
      }
      return bytes
    }
  }

  @Test func `bytes go both ways as they are`() throws {
    let master = try Master()
    let port = try SerialPortFile(master.path)
    try port.configure(SerialSettings(baudRate: 460_800, parity: .even))
    let all = (0...255).map { UInt8($0) }
    try port.send(all, within: .seconds(5))
    #expect(master.receive(256) == all)
    master.send(all)
    #expect(try port.receive(200, within: .seconds(5)) == Array(all[..<200]))
    #expect(try port.receive(56, within: .seconds(5)) == Array(all[200...]))
  }

  @Test func `what has come is kept by an error, and forgotten where it is asked for`() throws {
    let master = try Master()
    let port = try SerialPortFile(master.path)
    try port.configure(SerialSettings(baudRate: 9600))
    master.send([1, 2, 3])
    let error = #expect(throws: SerialError.self) { try port.receive(5, within: .milliseconds(50)) }
    #expect(error?.reason == .timeout)
    #expect(error?.received == [1, 2, 3])
    master.send([4])
    try port.discardInput()
    #expect(throws: SerialError.self) { try port.receive(1, within: .milliseconds(20)) }
  }

  @Test func `any baud rate is asked for, and the parity`() {
    let settings = TerminalSettings(SerialSettings(baudRate: 123_457, parity: .even))
    #expect(settings.outputRate == 123_457)
    #expect(settings.hasParity)
    #expect(!TerminalSettings(SerialSettings(baudRate: 9600)).hasParity)
    // c_cflag: BOTHER, CLOCAL, PARENB, CREAD, CS8, and neither PARODD nor CSTOPB.
    #expect(settings.bytes[8..<12] == [0xB0, 0x19, 0, 0])
  }

  @Test func `a port that another program holds is busy`() throws {
    let master = try Master()
    let port = try SerialPortFile(master.path)
    let error = #expect(throws: SerialError.self) { try SerialPortFile(master.path) }
    #expect(error?.reason == .busy)
    port.close()
    _ = try SerialPortFile(master.path)
  }

  @Test func `what is no port says so`() {
    #expect(throws: SerialError(.missing, port: "/dev/ttyNONE")) { try SerialPortFile("/dev/ttyNONE") }
    #expect(throws: SerialError(.notSerial, port: "/dev/null")) { try SerialPortFile("/dev/null") }
  }

  @Test func `an adapter that is unplugged is gone`() throws {
    var master: Master? = try Master()
    let port = try SerialPortFile(try #require(master?.path))
    try port.configure(SerialSettings(baudRate: 9600))
    master = nil
    let error = #expect(throws: SerialError.self) { try port.receive(1, within: .seconds(2)) }
    #expect(error?.reason == .gone)
  }

  @Test func `a line that a pseudo-terminal does not have is not supported`() throws {
    let master = try Master()
    let port = try SerialPortFile(master.path)
    let error = #expect(throws: SerialError.self) { try port.drive(.rts, active: true) }
    #expect(error?.reason == .unsupported("the control line RTS"))
  }
}

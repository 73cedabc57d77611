package import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A serial port of the system as a `SerialLine`: a terminal device, set up by the kernel's own calls.
package final class SerialPortFile: SerialLine {
  package let identity: SerialIdentity
  package private(set) var settings = SerialSettings(baudRate: 9600)
  private let monotonic = MonotonicClock()
  private var descriptor: CInt

  /// The requests: on Linux those of ioctl_tty(2), else those of Darwin's sys/ttycom.h.
  private enum Request {
    #if os(Linux)
    static let getSettings: UInt = 0x802C_542A
    static let setSettings: UInt = 0x402C_542B
    static let exclusive: UInt = 0x540C
    static let pendingOutput: UInt = 0x5411
    static let setLines: UInt = 0x5416
    static let clearLines: UInt = 0x5417
    static let beginBreak: UInt = 0x5427
    static let endBreak: UInt = 0x5428
    #else
    static let exclusive: UInt = 0x2000_740D
    static let pendingOutput: UInt = 0x4004_7473
    static let setLines: UInt = 0x8004_746C
    static let clearLines: UInt = 0x8004_746B
    static let beginBreak: UInt = 0x2000_747B
    static let endBreak: UInt = 0x2000_747A
    #endif
  }

  /// Opens a port by its path, and keeps others out of it.
  package init(_ path: String) throws(SerialError) {
    identity = SerialIdentity(name: path, product: SerialPortLister.product(of: path))
    descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SerialPortFile.error(errno, path) }
    do throws(SerialError) {
      guard isatty(descriptor) == 1 else { throw SerialError(.notSerial, port: path) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SerialError(.busy, port: path) }
      try control(Request.exclusive, 0)
    } catch {
      close()
      throw error
    }
  }

  deinit { close() }

  package var clock: any LinkClock { monotonic }

  package func configure(_ settings: SerialSettings) throws(SerialError) {
    let actual = try apply(settings)
    // A pseudo-terminal keeps neither: there is no wire.
    if !isPseudoTerminal {
      guard settings.parity == .none || actual.hasParity else { throw error(.unsupported("a parity bit")) }
      // A receiver bears 2 % beside the other end's own error.
      guard abs(actual.outputRate - settings.baudRate) * 50 <= settings.baudRate else {
        throw error(.unsupported("\(settings.baudRate) baud; \(actual.outputRate) is the nearest"))
      }
    }
    self.settings = settings
  }

  #if os(Linux)
  /// Sets the port up; what it makes of that.
  private func apply(_ settings: SerialSettings) throws(SerialError) -> (hasParity: Bool, outputRate: Int) {
    var wanted = TerminalSettings(settings).bytes
    try control(Request.setSettings, &wanted)
    var found = TerminalSettings.empty
    try control(Request.getSettings, &found)
    let actual = TerminalSettings(bytes: found)
    return (actual.hasParity, actual.outputRate)
  }
  #else
  /// Sets the port up by the C library, whose rates are numbers here; what the port makes of that.
  private func apply(_ settings: SerialSettings) throws(SerialError) -> (hasParity: Bool, outputRate: Int) {
    try checkOpen()
    var terminal = termios()
    cfmakeraw(&terminal)
    terminal.c_iflag = tcflag_t(IGNBRK | IGNPAR | (settings.parity == .none ? 0 : INPCK))
    terminal.c_cflag = tcflag_t(CS8 | CREAD | CLOCAL)
    if settings.parity != .none { terminal.c_cflag |= tcflag_t(PARENB) }
    if settings.parity == .odd { terminal.c_cflag |= tcflag_t(PARODD) }
    if settings.stopBitCount == 2 { terminal.c_cflag |= tcflag_t(CSTOPB) }
    guard cfsetspeed(&terminal, speed_t(settings.baudRate)) == 0, tcsetattr(descriptor, TCSANOW, &terminal) == 0,
      tcgetattr(descriptor, &terminal) == 0
    else { throw SerialPortFile.error(errno, identity.name) }
    return (terminal.c_cflag & tcflag_t(PARENB) != 0, Int(cfgetospeed(&terminal)))
  }
  #endif

  package func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      try wait(for: Int16(POLLOUT), by: deadline, received: [])
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EAGAIN || errno == EINTR else { throw SerialPortFile.error(errno, identity.name) }
      } else {
        rest = rest.dropFirst(count)
      }
    }
    try drain(by: deadline)
  }

  /// Waits until the port has sent what it was given.
  private func drain(by deadline: Deadline) throws(SerialError) {
    while true {
      var pending: CInt = 0
      // A port that does not count sends at its own pace.
      guard ioctl(descriptor, Request.pendingOutput, &pending) == 0, pending > 0, !isPseudoTerminal else { return }
      if monotonic.hasPassed(deadline) { throw error(.timeout) }
      monotonic.wait(for: min(settings.duration(ofCharacters: Int(pending)), monotonic.remaining(to: deadline)))
    }
  }

  package func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: byteCount)
    while received.count < byteCount {
      try wait(for: Int16(POLLIN), by: deadline, received: received)
      let wanted = byteCount - received.count
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, wanted) }
      if count > 0 {
        received += buffer.prefix(count)
      } else if count == 0 {
        throw SerialError(.gone, port: identity.name, received: received)
      } else if errno != EAGAIN && errno != EINTR {
        throw SerialPortFile.error(errno, identity.name, received: received)
      }
    }
    return received
  }

  package func discardInput() throws(SerialError) {
    try checkOpen()
    guard tcflush(descriptor, TCIFLUSH) == 0 else { throw SerialPortFile.error(errno, identity.name) }
  }

  package func drive(_ line: ControlLine, active: Bool) throws(SerialError) {
    // TIOCM_DTR and TIOCM_RTS.
    var mask: CInt = line == .dtr ? 0x002 : 0x004
    try checkOpen()
    guard ioctl(descriptor, active ? Request.setLines : Request.clearLines, &mask) == 0 else {
      let code = errno
      if [ENOTTY, EINVAL].contains(code) {
        throw error(.unsupported("the control line \(line.rawValue.uppercased())"))
      }
      throw SerialPortFile.error(code, identity.name)
    }
  }

  package func sendBreak(for duration: Duration) throws(SerialError) {
    try control(Request.beginBreak, 0)
    monotonic.wait(for: duration)
    try control(Request.endBreak, 0)
  }

  package func close() {
    guard descriptor >= 0 else { return }
    #if canImport(Glibc)
    _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
    _ = Musl.close(descriptor)
    #else
    _ = Darwin.close(descriptor)
    #endif
    descriptor = -1
  }

  // MARK: - Parts

  /// Whether the port is one end of a pseudo-terminal, by the device's name.
  private var isPseudoTerminal: Bool {
    guard let name = ttyname(descriptor) else { return false }
    return String(cString: name).hasPrefix("/dev/pts/")
  }

  private func wait(for event: Int16, by deadline: Deadline, received: [UInt8]) throws(SerialError) {
    while true {
      try checkOpen()
      let left = monotonic.remaining(to: deadline).components
      guard left.seconds > 0 || left.attoseconds > 0 else {
        throw SerialError(.timeout, port: identity.name, received: received)
      }
      var state = pollfd(fd: descriptor, events: event, revents: 0)
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
      let count = poll(&state, 1, CInt(clamping: milliseconds))
      if count > 0 { return }
      if count < 0 && errno != EINTR { throw SerialPortFile.error(errno, identity.name, received: received) }
    }
  }

  private func control(_ request: UInt, _ argument: CInt) throws(SerialError) {
    try checkOpen()
    guard ioctl(descriptor, request, argument) == 0 else { throw SerialPortFile.error(errno, identity.name) }
  }

  #if os(Linux)
  private func control(_ request: UInt, _ bytes: inout [UInt8]) throws(SerialError) {
    try checkOpen()
    let result = bytes.withUnsafeMutableBytes { buffer -> CInt in
      buffer.baseAddress.map { ioctl(descriptor, request, $0) } ?? -1
    }
    guard result == 0 else { throw SerialPortFile.error(errno, identity.name) }
  }
  #endif

  private func checkOpen() throws(SerialError) {
    if descriptor < 0 { throw error(.closed) }
  }

  private func error(_ reason: SerialError.Reason) -> SerialError { SerialError(reason, port: identity.name) }

  /// The error behind an errno.
  private static func error(_ code: CInt, _ path: String, received: [UInt8] = []) -> SerialError {
    let reason: SerialError.Reason =
      switch code {
      case ENOENT: .missing
      case EACCES, EPERM: .denied
      case EBUSY: .busy
      case EIO, ENXIO, ENODEV: .gone
      case ENOTTY, EISDIR: .notSerial
      default: .other(code: code, text: String(cString: strerror(code)))
      }
    return SerialError(reason, port: path, received: received)
  }
}

package import SimProbe
package import Sockets

#if os(Linux)
import CLinux
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A serial port of this system whose other end is this program: a pseudo-terminal, which other programs open by a path.
///
/// It never blocks. While no program has it open, what comes for it is lost, as with a serial port that nobody listens at.
package final class PseudoTerminal: SerialEndpoint {
  /// Where other programs open it: the symbolic link, or the system's own path.
  package let path: String

  private let master: Int32
  private let link: String?
  private var isOpen = false

  /// The rate that a terminal has until a program sets another one.
  private static let usualBaud = speed_t(B115200)

  /// Makes one.
  ///
  /// - Parameter link: where it is to be found under a name of the user's; a link that an earlier one left there is
  ///   replaced. It is removed in the end.
  /// - Throws: `ServerError` where the system has none left, or where the link cannot be made.
  package init(link: String? = nil) throws(ServerError) {
    let descriptor = posix_openpt(O_RDWR | O_NOCTTY)
    guard descriptor >= 0 else { throw ServerError("make a pseudo-terminal", number: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    guard grantpt(descriptor) == 0, unlockpt(descriptor) == 0, let name = ptsname(descriptor) else {
      let number = errno
      close(descriptor)
      throw ServerError("make a pseudo-terminal", number: number)
    }
    let device = String(cString: name)
    PseudoTerminal.makeRaw(device)
    if let link, let problem = PseudoTerminal.link(link, to: device) {
      close(descriptor)
      throw problem
    }
    (master, self.link, path) = (descriptor, link, link ?? device)
  }

  deinit {
    if let link { unlink(link) }
    close(master)
  }

  /// Nothing echoes and nothing is translated until a program asks for it; opened and closed once, so that the system
  /// tells from now on whether somebody has it open.
  private static func makeRaw(_ device: String) {
    let descriptor = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    cfmakeraw(&settings)
    cfsetspeed(&settings, usualBaud)
    tcsetattr(descriptor, TCSANOW, &settings)
  }

  private static func link(_ link: String, to device: String) -> ServerError? {
    if let old = target(of: link), old.hasPrefix("/dev/pts/") { unlink(link) }
    guard symlink(device, link) != 0 else { return nil }
    return ServerError("make the link \(link) to a pseudo-terminal", number: errno)
  }

  private static func target(of link: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes {
      $0.withMemoryRebound(to: CChar.self) { buffer in
        buffer.baseAddress.map { readlink(link, $0, buffer.count) } ?? 0
      }
    }
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  // MARK: SerialEndpoint

  /// The descriptor to wait at; nil while no program has the terminal open, when the system would never let anybody wait.
  package var descriptor: Int32? { isOpen ? master : nil }

  /// The rate that programs have set (termios); nil for 0, which hangs up.
  ///
  /// Linux's pseudo-terminals forget character sizes and parities as they are set (drivers/tty/pty.c, pty_set_termios), so
  /// that nobody can tell which ones a program has asked for: those of the chip's port are taken.
  package var setting: SerialCable.Setting? {
    #if os(Linux)
    // `struct termios2` of ioctl_tty(2), which has any rate; its last word is that of the output.
    var bytes = [UInt8](repeating: 0, count: 44)
    guard ioctl(master, 0x802C_542A, &bytes) == 0 else { return nil }
    let baud = bytes[40..<44].withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
    return baud > 0 ? .baud(UInt64(baud)) : nil
    #else
    var settings = termios()
    guard tcgetattr(master, &settings) == 0 else { return nil }
    let speed = cfgetospeed(&settings)
    return speed > 0 ? .baud(UInt64(speed)) : nil
    #endif
  }

  /// Takes what programs have written, at most so many bytes.
  package func read(atMost byteCount: Int) -> [UInt8] {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initializedCount in
      repeat { count = PseudoTerminal.read(master, buffer.baseAddress, byteCount) } while count < 0 && errno == EINTR
      initializedCount = max(count, 0)
    }
    // EIO: what the last program wrote has been read, and it has closed the terminal.
    isOpen = count > 0 || count < 0 && errno != EIO
    return bytes
  }

  /// Gives bytes to the programs that have the terminal open; what they do not take in time is lost.
  package func write(_ bytes: [UInt8]) {
    guard isOpen else { return }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { PseudoTerminal.write(master, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  #if canImport(Glibc)
  private static let read = Glibc.read
  private static let write = Glibc.write
  #elseif canImport(Musl)
  private static let read = Musl.read
  private static let write = Musl.write
  #else
  private static let read = Darwin.read
  private static let write = Darwin.write
  #endif
}

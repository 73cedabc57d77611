import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files that the command line reads and writes; whole files only.
///
/// `-` is standard input where something is read, and standard output where something is written.
struct FileSystem: Sendable {
  /// The most bytes of a file that is read; an ELF with all its debug information stays far below the standard.
  var readLimit = 512 * 1_048_576

  /// The calls that a test may let fail.
  var calls = SystemCalls.system

  /// What a program on a chip reads as its input.
  var standardInput = STDIN_FILENO

  /// Ends the wait for somebody at the other end of a pipe; nil where nobody can ask for that.
  var interruption: Interruption?

  /// Where files go that no command line names: the first of these that can be written to.
  var scratchDirectories = [".", temporaryDirectory]

  private static var temporaryDirectory: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  /// The name of both standard streams.
  static let standardStream = "-"

  /// How long, in milliseconds, the other end of a pipe is waited for between two looks at the request to stop.
  private static let waitStep: Int32 = 50

  /// The time since 1970.
  var timeOfDay: Duration {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  // MARK: - Reading

  /// Reads a whole file.
  func read(_ path: String) throws(FileSystemError) -> [UInt8] {
    let isStandardInput = path == FileSystem.standardStream
    // A pipe that nobody writes to yet is opened all the same, so that a signal ends the wait for the writer.
    let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("read", path) }
    defer { if !isStandardInput { close(descriptor) } }
    let status = FileStatus(of: descriptor)
    if status?.kind == .directory { throw FileSystemError(operation: "read", path: path, reason: .isDirectory) }
    var bytes: [UInt8] = []
    if status?.kind == .regular { bytes.reserveCapacity(min(max(0, status?.byteCount ?? 0), readLimit)) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if status?.kind != .regular { try wait(for: descriptor, POLLIN, "read", path) }
      let count = buffer.withUnsafeMutableBytes { posixRead(descriptor, $0) }
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else { throw error("read", path) }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= readLimit else {
        throw FileSystemError(operation: "read", path: path, reason: .tooLarge(limit: readLimit))
      }
    }
  }

  // MARK: - Descriptors

  /// Opens what is no file with a content of its own: a device, or a pipe, whose reader is waited for.
  func openSpecial(_ path: String) throws(FileSystemError) -> Int32 {
    while true {
      let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      guard errno == ENXIO, FileStatus(path)?.kind == .pipe else { throw error("write", path) }
      try pause("write", path)
    }
  }

  /// Writes all of the bytes to an open file.
  func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileSystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { calls.write(descriptor, $0) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        try wait(for: descriptor, POLLOUT, "write", path)
        continue
      }
      guard count >= 0 else { throw error("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until a descriptor is ready for an event of poll(2), or somebody asks to stop.
  private func wait(
    for descriptor: Int32, _ event: some BinaryInteger, _ operation: String, _ path: String
  ) throws(FileSystemError) {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let count = poll(&entry, 1, FileSystem.waitStep)
      // A signal ends the wait without anything being there: a read would find the end of a pipe that nobody writes to.
      let hasSignal = count < 0 && errno == EINTR
      if count != 0 && !hasSignal { return }
      if interruption?.isRequested ?? false {
        throw FileSystemError(operation: operation, path: path, reason: .interrupted)
      }
    }
  }

  private func pause(_ operation: String, _ path: String) throws(FileSystemError) {
    if interruption?.isRequested ?? false {
      throw FileSystemError(operation: operation, path: path, reason: .interrupted)
    }
    poll(nil, 0, FileSystem.waitStep)
  }

  // MARK: - Paths

  /// The directory part of a path: "." for a bare name.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func lastPart(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// What people call a file: the last part of its path; all of one that names a descriptor, as a shell's `<(...)` does,
  /// for a bare number is no name.
  static func name(of path: String) -> String {
    path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/") ? path : lastPart(of: path)
  }

  /// The error that the last failed system call left in errno.
  func error(_ operation: String, _ path: String) -> FileSystemError {
    FileSystemError(operation: operation, path: path, reason: .system(errno))
  }
}

/// read(2) under a name that the method `read` does not hide.
private func posixRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

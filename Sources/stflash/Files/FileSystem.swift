#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files that the command line reads and writes; whole files only.
struct FileSystem: Sendable {
  /// The most bytes of a file that is read; an ELF with all its debug information stays far below the standard.
  var readLimit = 512 * 1_048_576

  /// The calls that a test may let fail.
  var calls = SystemCalls.system

  /// The time since 1970.
  var timeOfDay: Duration {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
  }

  /// Whether something exists at a path.
  func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Reads a whole file.
  func read(_ path: String) throws(FileSystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(descriptor, &status) == 0 {
      if status.isDirectory { throw FileSystemError(operation: "read", path: path, reason: .isDirectory) }
      bytes.reserveCapacity(min(max(0, Int(status.st_size)), readLimit))
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = buffer.withUnsafeMutableBytes { posixRead(descriptor, $0) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw error("read", path) }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= readLimit else {
        throw FileSystemError(operation: "read", path: path, reason: .tooLarge(limit: readLimit))
      }
    }
  }

  /// Replaces a file's content, or makes the file, so that at any time either the old or the new content is there.
  ///
  /// The bytes go to a temporary file in the same directory, are forced to the disk and take the file's place by a
  /// rename; after a failure the temporary file is gone and the old content untouched. A symbolic link is followed.
  /// What is not a regular file (a pipe, `/dev/stdout`) is written to as it is.
  func replace(_ path: String, with bytes: [UInt8]) throws(FileSystemError) {
    let target = resolved(path)
    var status = stat()
    let exists = stat(target, &status) == 0
    if exists && status.isDirectory { throw FileSystemError(operation: "write", path: path, reason: .isDirectory) }
    if exists && !status.isRegular { return try writeInPlace(path, bytes) }
    let mode = exists ? status.st_mode & 0o7777 : 0o666
    let temporary = temporaryPath(beside: target)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw error("write", path) }
    do throws(FileSystemError) {
      try fill(descriptor, with: bytes, path)
      guard calls.rename(temporary, target) == 0 else { throw error("write", path) }
    } catch {
      unlink(temporary)
      throw error
    }
    synchronizeDirectory(of: target)
  }

  /// Makes a directory; one that is there is kept as it is.
  func makeDirectory(_ path: String) throws(FileSystemError) {
    guard mkdir(path, 0o777) != 0 else { return }
    var status = stat()
    let code = errno
    guard code == EEXIST, stat(path, &status) == 0, status.isDirectory else {
      throw FileSystemError(operation: "write", path: path, reason: .system(code))
    }
  }

  /// Fails where a file could not be written later on: directory missing, not writable, or the path a directory.
  ///
  /// Asked before a long operation whose result the file is to hold.
  func checkWritable(_ path: String) throws(FileSystemError) {
    let target = resolved(path)
    var status = stat()
    if stat(target, &status) == 0 {
      if status.isDirectory { throw FileSystemError(operation: "write", path: path, reason: .isDirectory) }
      if !status.isRegular { return }
    }
    guard access(FileSystem.directory(of: target), W_OK | X_OK) == 0 else { throw error("write", path) }
  }

  /// Writes and closes a descriptor.
  private func fill(_ descriptor: Int32, with bytes: [UInt8], _ path: String) throws(FileSystemError) {
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path)
    guard calls.synchronize(descriptor) == 0 else { throw error("write", path) }
  }

  /// Writes all of the bytes to an open file.
  func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileSystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { calls.write(descriptor, $0) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw error("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  private func writeInPlace(_ path: String, _ bytes: [UInt8]) throws(FileSystemError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("write", path) }
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path)
  }

  /// Makes the rename last through a power cut; a file system that cannot do that is no failure of the write.
  private func synchronizeDirectory(of path: String) {
    let descriptor = open(FileSystem.directory(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = calls.synchronize(descriptor)
    close(descriptor)
  }

  /// The path with symbolic links followed; the path itself where nothing is there yet.
  private func resolved(_ path: String) -> String {
    guard let pointer = realpath(path, nil) else { return path }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  private func temporaryPath(beside path: String) -> String {
    "\(FileSystem.directory(of: path))/.stflash-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  /// The directory part of a path: "." for a bare name.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
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

extension stat {
  /// Whether this is a directory.
  fileprivate var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  /// Whether this is a regular file.
  fileprivate var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}

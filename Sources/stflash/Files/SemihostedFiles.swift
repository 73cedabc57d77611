import Engine

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What a program on the chip may reach of this computer by semihosting: standard input, and files below one directory.
///
/// A name goes down from that directory, component by component: no absolute name, no `..`, no symbolic link leads out of it.
final class SemihostedFiles: SemihostingFiles {
  private let directory: Int32?
  private let mayWrite: Bool
  private let fixedTime: UInt32?
  private let input: StandardInput
  private let files: FileSystem
  /// Names that were refused because no directory is given, or because they lead out of it; the first few.
  private var refused: [String] = []

  /// Opens the directory; nil allows no files.
  init(
    below path: String?, mayWrite: Bool, time: UInt32?, takesInput: Bool, _ context: CommandContext
  ) throws(FileSystemError) {
    self.mayWrite = mayWrite
    fixedTime = time
    files = context.files
    input = StandardInput(context.files.standardInput, isOpen: takesInput)
    guard let path else {
      directory = nil
      return
    }
    let descriptor = Self.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw files.error("open", path) }
    directory = descriptor
  }

  deinit {
    if let directory { close(directory) }
  }

  /// What the user should know in the end.
  var remarks: [String] {
    guard let first = refused.first else { return [] }
    let name = "\"\(first)\"" + (refused.count > 1 ? " and others" : "")
    return directory == nil
      ? ["the program was refused the file \(name): --semihosting-dir DIRECTORY lets it use files"]
      : ["the program was refused the file \(name), which is not below --semihosting-dir, or may not be changed"]
  }

  // MARK: - Files

  func open(_ name: String, _ mode: SemihostingFileMode) throws(SemihostingFileError) -> any SemihostingFile {
    if mode.writes && !mayWrite { throw refuse(name) }
    let (folder, last) = try place(of: name)
    defer { close(folder) }
    var flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
    flags |= mode.reads && mode.writes ? O_RDWR : mode.writes ? O_WRONLY : O_RDONLY
    if mode.truncates { flags |= O_CREAT | O_TRUNC }
    if mode.appends { flags |= O_CREAT | O_APPEND }
    let descriptor = openat(folder, last, flags, 0o666)
    guard descriptor >= 0 else { throw errno == ELOOP ? refuse(name) : .system(errno) }
    // A device or a pipe is no file to keep data in, and may never answer.
    guard FileStatus(of: descriptor)?.kind == .regular else {
      close(descriptor)
      throw refuse(name)
    }
    return SemihostedFile(descriptor)
  }

  func remove(_ name: String) throws(SemihostingFileError) {
    if !mayWrite { throw refuse(name) }
    let (folder, last) = try place(of: name)
    defer { close(folder) }
    if unlinkat(folder, last, 0) != 0 { throw .system(errno) }
  }

  func rename(_ name: String, to other: String) throws(SemihostingFileError) {
    if !mayWrite { throw refuse(name) }
    let (folder, last) = try place(of: name)
    defer { close(folder) }
    let (otherFolder, otherLast) = try place(of: other)
    defer { close(otherFolder) }
    if renameat(folder, last, otherFolder, otherLast) != 0 { throw .system(errno) }
  }

  /// The directory that a name's last component is in, opened, and that component.
  private func place(of name: String) throws(SemihostingFileError) -> (folder: Int32, last: String) {
    let components = name.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    guard let directory, let last = components.last, !name.hasPrefix("/"), !name.utf8.contains(0),
      !components.contains("..")
    else { throw refuse(name) }
    var folder = fcntl(directory, F_DUPFD_CLOEXEC, 0)
    guard folder >= 0 else { throw .system(errno) }
    for component in components.dropLast() {
      let next = openat(folder, String(component), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let number = errno
      close(folder)
      guard next >= 0 else { throw number == ELOOP || number == ENOTDIR ? refuse(name) : .system(number) }
      folder = next
    }
    return (folder, String(last))
  }

  private func refuse(_ name: String) -> SemihostingFileError {
    if refused.count < 3 { refused.append(name) }
    return .denied
  }

  // MARK: - Input and time

  func readInput(atMost byteCount: Int, isAwaited: Bool) -> [UInt8]? {
    input.read(atMost: byteCount, isAwaited: isAwaited)
  }

  var isInputTerminal: Bool { input.isTerminal }

  var secondsSince1970: UInt32 { fixedTime ?? UInt32(clamping: files.timeOfDay.components.seconds) }

  private static func open(_ path: String, _ flags: Int32) -> Int32 {
    #if canImport(Glibc)
    Glibc.open(path, flags)
    #else
    Darwin.open(path, flags)
    #endif
  }
}

/// A file below that directory.
private final class SemihostedFile: SemihostingFile {
  private var descriptor: Int32

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    if descriptor >= 0 { _ = closeDescriptor(descriptor) }
  }

  func read(atMost byteCount: Int) throws(SemihostingFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      var piece = [UInt8](repeating: 0, count: byteCount - bytes.count)
      let count = readDescriptor(descriptor, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(SemihostingFileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { SystemCalls.system.write(descriptor, $0) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      rest = rest.dropFirst(count)
    }
  }

  func seek(to position: Int) throws(SemihostingFileError) {
    if lseek(descriptor, off_t(position), SEEK_SET) < 0 { throw .system(errno) }
  }

  func length() throws(SemihostingFileError) -> Int {
    guard let status = FileStatus(of: descriptor) else { throw .failed }
    return status.byteCount
  }

  func close() throws(SemihostingFileError) {
    defer { descriptor = -1 }
    if closeDescriptor(descriptor) != 0 { throw .system(errno) }
  }
}

extension SemihostingFileError {
  /// The error that a number of this system's means to newlib; the two agree in the oldest ones.
  fileprivate static func system(_ number: Int32) -> SemihostingFileError {
    (1...34).contains(number) ? SemihostingFileError(number: UInt32(number)) : .failed
  }
}

#if canImport(Glibc)
private let closeDescriptor = Glibc.close
private let readDescriptor = Glibc.read
#else
private let closeDescriptor = Darwin.close
private let readDescriptor = Darwin.read
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FileSystem {
  /// Replaces a file's content, or makes the file, so that at any time either the old or the new content is there.
  ///
  /// The bytes go to a temporary file in the same directory, are forced to the disk and take the file's place by a
  /// rename; after a failure the temporary file is gone and the old content untouched. Links are followed, and mode and
  /// owner stay. A file that a rename would make another one of (it has a second name, or an owner whom we cannot give
  /// it, or something is mounted on it) is written over where it is. What has no content of its own to be replaced (a
  /// device, a pipe, an open descriptor such as `/dev/stdout`) is written to as it is.
  func replace(_ path: String, with bytes: [UInt8]) throws(FileSystemError) {
    switch try FileDestination(path) {
    case .descriptor(let descriptor): try write(bytes, to: descriptor, path)
    case .special:
      let descriptor = try openSpecial(path)
      defer { close(descriptor) }
      try write(bytes, to: descriptor, path)
    case .nothing(let target): try makeFile(target, holding: bytes, path)
    case .file(let target, let status):
      guard try !swapFile(target, status, for: bytes, path) else { return }
      try overwrite(target, with: bytes, path)
    }
  }

  /// Makes a new file of a name, with a number before its extension where there are files of that name already.
  ///
  /// - Returns: the path of the file that was made.
  func makeFile(named path: String, holding bytes: [UInt8]) throws(FileSystemError) -> String {
    let dot = path.lastIndex(of: ".") ?? path.endIndex
    var candidate = path
    var number = 1
    while true {
      let descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        defer { close(descriptor) }
        do throws(FileSystemError) {
          try write(bytes, to: descriptor, candidate)
          guard calls.synchronize(descriptor) == 0 else { throw error("write", candidate) }
        } catch {
          unlink(candidate)
          throw error
        }
        return candidate
      }
      guard errno == EEXIST else { throw error("write", candidate) }
      number += 1
      candidate = "\(path[..<dot])-\(number)\(path[dot...])"
    }
  }

  /// Removes a file that `makeFile` has made.
  func remove(_ path: String) {
    unlink(path)
  }

  /// Makes a directory; one that is there is kept as it is.
  func makeDirectory(_ path: String) throws(FileSystemError) {
    guard mkdir(path, 0o777) != 0 else { return }
    let code = errno
    guard code == EEXIST, FileStatus(path)?.kind == .directory else {
      throw FileSystemError(operation: "write", path: path, reason: .system(code))
    }
  }

  /// Fails where a file could not be written later on: directory missing, not writable, or the path a directory.
  ///
  /// Asked before a long operation whose result the file is to hold.
  func checkWritable(_ path: String) throws(FileSystemError) {
    switch try FileDestination(path) {
    case .descriptor(let descriptor):
      let flags = fcntl(descriptor, F_GETFL)
      guard flags >= 0 else { throw error("write", path) }
      if flags & O_ACCMODE == O_RDONLY {
        throw FileSystemError(operation: "write", path: path, reason: .system(EBADF))
      }
    case .special:
      guard access(path, W_OK) == 0 else { throw error("write", path) }
    case .file(let target, _):
      guard access(target, W_OK) == 0 || canMakeFiles(beside: target) else { throw error("write", path) }
    case .nothing(let target):
      guard canMakeFiles(beside: target) else { throw error("write", path) }
    }
  }

  /// Fails where a report could not be written later on: like `checkWritable`, for a folder or a zip file.
  func checkBundle(_ path: String) throws(FileSystemError) {
    if ReportBundle.isArchive(path) { return try checkWritable(path) }
    switch FileStatus(path)?.kind {
    case .directory?:
      guard access(path, W_OK | X_OK) == 0 else { throw error("write", path) }
    case nil:
      guard canMakeFiles(beside: path) else { throw error("write", path) }
    default: throw FileSystemError(operation: "write", path: path, reason: .system(ENOTDIR))
    }
  }

  private func canMakeFiles(beside path: String) -> Bool {
    access(FileSystem.directory(of: path), W_OK | X_OK) == 0
  }

  // MARK: - By a rename

  private func makeFile(_ target: String, holding bytes: [UInt8], _ path: String) throws(FileSystemError) {
    let temporary = try TemporaryFile(beside: target, mode: 0o666, path)
    try fill(temporary, with: bytes, path)
    guard calls.rename(temporary.path, target) == 0 else { throw error("write", path) }
    synchronizeDirectory(of: target)
  }

  /// Puts a new file into an old one's place; false where that would change more than the content.
  private func swapFile(
    _ target: String, _ status: FileStatus, for bytes: [UInt8], _ path: String
  ) throws(FileSystemError) -> Bool {
    guard !status.hasOtherNames else { return false }
    do throws(FileSystemError) {
      let temporary = try TemporaryFile(beside: target, mode: 0o600, path)
      // The mode last: a change of the owner takes some of its bits away.
      guard fchown(temporary.descriptor, status.owner, status.group) == 0,
        fchmod(temporary.descriptor, status.mode) == 0
      else { return false }
      try fill(temporary, with: bytes, path)
      guard calls.rename(temporary.path, target) == 0 else {
        // Something is mounted on the very file (rename(2): EBUSY; over a bind mount on some systems EXDEV).
        if errno == EBUSY || errno == EXDEV { return false }
        throw error("write", path)
      }
    } catch {
      // The file may be writable where its directory is not.
      if case .system(let number) = error.reason, [EACCES, EPERM, EROFS].contains(number) { return false }
      throw error.leaving(.untouched)
    }
    synchronizeDirectory(of: target)
    return true
  }

  private func fill(
    _ temporary: borrowing TemporaryFile, with bytes: [UInt8], _ path: String
  ) throws(FileSystemError) {
    try write(bytes, to: temporary.descriptor, path)
    guard calls.synchronize(temporary.descriptor) == 0 else { throw error("write", path) }
  }

  /// Makes the rename last through a power cut; a file system that cannot do that is no failure of the write.
  private func synchronizeDirectory(of path: String) {
    let descriptor = open(FileSystem.directory(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = calls.synchronize(descriptor)
    close(descriptor)
  }

  // MARK: - Where it is

  /// Writes over a file's content.
  private func overwrite(_ target: String, with bytes: [UInt8], _ path: String) throws(FileSystemError) {
    let descriptor = open(target, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("write", path).leaving(.untouched) }
    defer { close(descriptor) }
    do throws(FileSystemError) {
      try write(bytes, to: descriptor, path)
      guard ftruncate(descriptor, off_t(bytes.count)) == 0, calls.synchronize(descriptor) == 0 else {
        throw error("write", path)
      }
    } catch {
      throw error.leaving(.overwritten)
    }
  }
}

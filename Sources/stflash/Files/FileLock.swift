#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps other runs of stflash away from a file, by an advisory lock on the file itself.
///
/// Every name of the file leads to the same lock: a link to it, a hard link, another path. A file that is not there yet
/// is made, empty, and is removed again where nothing has been put in it. The operating system drops the lock when the
/// process dies, however it dies. The holder may replace the file by a rename, as the last thing that it does with it:
/// the lock goes with the old file, so that the next holder locks the new one.
struct FileLock: ~Copyable {
  /// The file, open; for writing too where its mode allows it.
  let descriptor: Int32
  /// Whether the file was made for the lock, and is empty until somebody writes to it.
  let isMadeForLock: Bool
  private let path: String

  /// Takes the lock of a regular file, at once or not at all.
  init(for file: String) throws(FileSystemError) {
    path = file
    while true {
      let (descriptor, isMade) = try FileLock.openOrMake(file)
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let number = errno
        close(descriptor)
        throw FileSystemError(
          operation: "use", path: file, reason: number == EWOULDBLOCK ? .locked : .system(number))
      }
      if FileLock.names(file, descriptor) {
        self.descriptor = descriptor
        isMadeForLock = isMade
        return
      }
      // The holder before us replaced or removed the file between our open and our lock: take the new one.
      close(descriptor)
    }
  }

  deinit {
    if isMadeForLock, FileStatus(of: descriptor)?.byteCount == 0, FileLock.names(path, descriptor),
      let target = FileDestination.realPath(path)
    {
      unlink(target)
    }
    close(descriptor)
  }

  private static func openOrMake(_ file: String) throws(FileSystemError) -> (descriptor: Int32, isMade: Bool) {
    func failure(_ reason: FileSystemError.Reason) -> FileSystemError {
      FileSystemError(operation: "lock", path: file, reason: reason)
    }
    while true {
      switch try FileDestination(file) {
      case .descriptor, .special: throw failure(.notRegular)
      case .file(let target, _):
        var descriptor = open(target, O_RDWR | O_CLOEXEC)
        if descriptor < 0 && errno == EACCES { descriptor = open(target, O_RDONLY | O_CLOEXEC) }
        if descriptor >= 0 { return (descriptor, false) }
        guard errno == ENOENT else { throw failure(.system(errno)) }
      case .nothing(let target):
        let descriptor = open(target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor >= 0 { return (descriptor, true) }
        guard errno == EEXIST else { throw failure(.system(errno)) }
      }
    }
  }

  /// Whether the path still leads to the file behind the descriptor.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    guard let held = FileStatus(of: descriptor), let named = FileStatus(path) else { return false }
    return held.identity == named.identity
  }
}

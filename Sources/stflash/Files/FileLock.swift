#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps other runs of stflash away from a file, by an advisory lock on a file beside it (`FILE.lock`).
///
/// The lock cannot lie on the file itself, because that is replaced by a rename. The operating system drops the lock
/// when the process dies, however it dies; a lock file that is left over means nothing.
struct FileLock: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Takes the lock of a file, at once or not at all.
  init(for file: String) throws(FileSystemError) {
    path = file + ".lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileSystemError(operation: "lock", path: file, reason: .system(errno)) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let number = errno
        close(descriptor)
        throw FileSystemError(
          operation: "use", path: file, reason: number == EWOULDBLOCK ? .locked : .system(number))
      }
      if FileLock.names(path, descriptor) {
        self.descriptor = descriptor
        return
      }
      // The holder before us removed the lock file between our open and our lock: take the new one.
      close(descriptor)
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Whether the path still leads to the file behind the descriptor.
  private static func names(_ path: String, _ descriptor: Int32) -> Bool {
    var held = stat()
    var named = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino
      && held.st_dev == named.st_dev
  }
}

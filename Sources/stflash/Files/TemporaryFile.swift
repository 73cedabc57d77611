#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is to take another one's place; gone when it is let go of, unless it has been renamed by then.
///
/// It is locked while somebody works on it, so that one which nobody has locked is a killed run's, and is removed by the
/// next run that makes one beside it.
struct TemporaryFile: ~Copyable {
  /// The file, open for writing.
  let descriptor: Int32
  /// Where it is.
  let path: String

  private static let prefix = ".stflash-"
  /// How old, in seconds, a file has to be before it can be a killed run's: one that was made just now may not be
  /// locked yet.
  private static let settlingTime: time_t = 2

  /// Makes an empty file in the same directory as another one.
  ///
  /// - Parameter name: the other file, as the user named it, for the error.
  init(beside target: String, mode: mode_t, _ name: String) throws(FileSystemError) {
    let directory = FileSystem.directory(of: target)
    TemporaryFile.removeLeftovers(in: directory)
    path = "\(directory)/\(TemporaryFile.prefix)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw FileSystemError(operation: "write", path: name, reason: .system(errno))
    }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    // Only while the path still leads to this file: after the rename it may be somebody else's.
    if let own = FileStatus(of: descriptor), FileStatus(path, followingLinks: false)?.identity == own.identity {
      unlink(path)
    }
    close(descriptor)
  }

  /// Removes what killed runs have left in a directory.
  private static func removeLeftovers(in directory: String) {
    guard let entries = opendir(directory) else { return }
    defer { closedir(entries) }
    var leftovers: [String] = []
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if isName(name) { leftovers.append("\(directory)/\(name)") }
    }
    leftovers.forEach(removeLeftover)
  }

  /// Whether a name is one that we give: the prefix, a process and a random number.
  private static func isName(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let numbers = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { UInt32($0) != nil }
  }

  private static func removeLeftover(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard let status = FileStatus(of: descriptor), status.kind == .regular, status.owner == geteuid(),
      status.modificationTime + settlingTime < time(nil), flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}

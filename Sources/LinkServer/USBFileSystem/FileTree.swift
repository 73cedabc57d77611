import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A temporary folder that only this user can enter, and that goes with its owner.
final class FileTree {
  /// The folder's path.
  let root: String

  /// A file in the folder that is locked for as long as its owner lives, however that ends.
  private let lock: Int32

  private static let prefix = "stflash-bus-"
  private static let lockName = ".lock"
  /// How old, in seconds, a folder has to be before it can be a killed run's: one that was made just now may not be locked
  /// yet.
  private static let settlingTime: time_t = 2

  /// Makes an empty folder in the system's place for temporary files.
  ///
  /// - Parameter longestName: how long a path inside it may become; where the user's own place for temporary files is
  ///   too deep for a socket, `/tmp` is taken.
  init(longestName: Int) throws(ServerError) {
    // A socket's path has room for 107 bytes (unix(7)); the folder's own name takes 19 of them.
    let preferred = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let parent = preferred.utf8.count + 19 + longestName <= 107 ? preferred : "/tmp"
    FileTree.removeLeftovers(in: parent)
    var template = Array((parent + "/\(FileTree.prefix)XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw ServerError("make a folder in \(parent)", number: errno) }
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    lock = open("\(root)/\(FileTree.lockName)", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    _ = flock(lock, LOCK_EX | LOCK_NB)
  }

  deinit {
    FileTree.remove(path: root)
    close(lock)
  }

  /// Removes the folders of killed runs: ours by name, owner and lock, and locked by nobody.
  private static func removeLeftovers(in parent: String) {
    for name in names(in: parent) where name.hasPrefix(prefix) {
      let folder = "\(parent)/\(name)"
      let descriptor = open("\(folder)/\(lockName)", O_RDWR | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
        modificationTime(status) + settlingTime < time(nil), flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else {
        continue
      }
      remove(path: folder)
    }
  }

  private static func modificationTime(_ status: stat) -> time_t {
    #if canImport(Darwin)
    status.st_mtimespec.tv_sec
    #else
    status.st_mtim.tv_sec
    #endif
  }

  /// Makes a folder with all that it lies in.
  func makeFolder(_ path: String) throws(ServerError) {
    var made = root
    for component in path.split(separator: "/") {
      made += "/\(component)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw ServerError("make the folder \(made)", number: errno)
      }
    }
  }

  /// Writes a file, with the folders that it lies in.
  func write(_ path: String, _ content: [UInt8]) throws(ServerError) {
    try makeFolder(FileTree.parent(of: path))
    let whole = "\(root)/\(path)"
    guard let file = fopen(whole, "w") else { throw ServerError("write \(whole)", number: errno) }
    let count = content.withUnsafeBytes { fwrite($0.baseAddress ?? UnsafeRawPointer(file), 1, $0.count, file) }
    guard fclose(file) == 0, count == content.count else { throw ServerError("write \(whole)", number: errno) }
  }

  /// Writes a text file that ends with a line feed, as sysfs has them.
  func write(_ path: String, line text: String) throws(ServerError) {
    try write(path, Array("\(text)\n".utf8))
  }

  /// Makes a symbolic link, with the folders that it lies in.
  func link(_ path: String, to target: String) throws(ServerError) {
    try makeFolder(FileTree.parent(of: path))
    guard symlink(target, "\(root)/\(path)") == 0 else {
      throw ServerError("make the link \(root)/\(path)", number: errno)
    }
  }

  /// Removes a file, a link, or a folder with everything in it.
  func remove(_ path: String) { FileTree.remove(path: "\(root)/\(path)") }

  private static func parent(of path: String) -> String {
    path.split(separator: "/").dropLast().joined(separator: "/")
  }

  /// Removes a folder with everything in it; what cannot be removed stays, as temporary files may.
  private static func remove(path: String) {
    // unlink(2) does not follow links and refuses folders.
    guard unlink(path) != 0 else { return }
    for name in names(in: path) { remove(path: "\(path)/\(name)") }
    _ = rmdir(path)
  }

  /// The names in a folder; none where it cannot be read.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that grows while the program runs: whoever opens it sees all that has been appended so far.
final class GrowingFile {
  /// The file, as the user named it.
  let path: String
  /// Why an append failed; nil while all went well.
  private(set) var failure: FileSystemError?

  private let files: FileSystem
  private let descriptor: Int32

  /// Makes the file, or empties it.
  init(_ path: String, files: FileSystem) throws(FileSystemError) {
    self.path = path
    self.files = files
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw files.error("write", path) }
  }

  deinit {
    close(descriptor)
  }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(FileSystemError) {
    do throws(FileSystemError) {
      try files.write(bytes, to: descriptor, path)
    } catch {
      failure = failure ?? error
      throw error
    }
  }
}

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
  /// Whether the descriptor was opened here, and is closed here.
  private let isOwn: Bool
  /// What making the file has done to its content.
  private let earlierContent: FileSystemError.EarlierContent

  /// Makes the file, or empties it; what has no content of its own is appended to.
  init(_ path: String, files: FileSystem) throws(FileSystemError) {
    self.path = path
    self.files = files
    var earlierContent = FileSystemError.EarlierContent.none
    var isOwn = true
    switch try FileDestination(path) {
    case .descriptor(let given):
      try files.checkWritable(path)
      descriptor = given
      isOwn = false
    case .special: descriptor = try files.openSpecial(path)
    case .file(let target, let status):
      descriptor = open(target, O_WRONLY | O_TRUNC | O_CLOEXEC)
      if status.byteCount > 0 { earlierContent = .overwritten }
    case .nothing(let target): descriptor = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    }
    self.isOwn = isOwn
    self.earlierContent = earlierContent
    guard descriptor >= 0 else {
      throw files.error("write", path).leaving(earlierContent == .none ? .none : .untouched)
    }
  }

  deinit {
    if isOwn { close(descriptor) }
  }

  /// Appends bytes.
  func append(_ bytes: [UInt8]) throws(FileSystemError) {
    do throws(FileSystemError) {
      try files.write(bytes, to: descriptor, path)
    } catch {
      failure = failure ?? error.leaving(earlierContent)
      throw error
    }
  }
}

import Basics
import Engine

#if canImport(Glibc)
import Failures
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Why a file operation failed.
struct FileSystemError: Error, Equatable, ReportableError {
  /// What was wrong.
  enum Reason: Equatable {
    /// The operating system refused; the error number.
    case system(Int32)
    /// The file is larger than anything that we read.
    case tooLarge(limit: Int)
    /// The path names a directory.
    case isDirectory
    /// Another process holds the file's lock.
    case locked
    /// A state can live in a regular file only.
    case notRegular
    /// Somebody asked to stop while the other end of a pipe was waited for.
    case interrupted
  }

  /// What a failed write has made of the content that the file had before.
  enum EarlierContent: Equatable {
    /// There was none, or the write does not concern it.
    case none
    /// It is all there.
    case untouched
    /// It is gone, in part or as a whole.
    case overwritten
  }

  /// What was tried, as a verb: "read", "write".
  var operation: String
  /// The file, as the user named it.
  var path: String
  /// What was wrong.
  var reason: Reason
  /// What has become of the content that the file had.
  var earlierContent = EarlierContent.none

  /// The same error of a write that has left the file's content in this condition.
  func leaving(_ content: EarlierContent) -> FileSystemError {
    var error = self
    error.earlierContent = content
    return error
  }

  var report: FailureReport {
    FailureReport(
      reason == .interrupted ? .interrupted : .file, "cannot \(operation) \(subject): \(cause)", evidence: evidence,
      remedies: remedies)
  }

  private var subject: String {
    guard path == FileSystem.standardStream else { return "\"\(path)\"" }
    return operation == "read" ? "standard input" : "standard output"
  }

  private var evidence: [String] {
    switch earlierContent {
    case .none: []
    case .untouched: ["what the file held before is untouched"]
    case .overwritten: ["what the file held before is lost"]
    }
  }

  private var cause: String {
    switch reason {
    case .system(let number): String(cString: strerror(number)).lowercasingFirst
    case .tooLarge(let limit): "it has more than \(limit.byteSize)"
    case .isDirectory: "it is a directory"
    case .locked: "another stflash is using it"
    case .notRegular: "it is no regular file"
    case .interrupted: "stopped while nobody was at the other end"
    }
  }

  private var remedies: [Advice] {
    switch reason {
    case .system(ENOENT):
      [operation == "read" ? "Check the name and the current directory" : "Make the directory first"]
    case .system(EACCES), .system(EPERM), .system(EROFS):
      ["Check the permissions of the file and its directory"]
    case .system(ENOSPC), .system(EDQUOT):
      ["Free some space, or name a file on another disk"]
    case .system(EBADF): ["The stream is closed: leave \">&-\" or \"<&-\" out, or redirect it to a file"]
    case .system: []
    case .tooLarge: ["Check that this is the file you meant"]
    case .isDirectory: ["Name a file in it"]
    case .interrupted: []
    case .notRegular: ["Name a file that can be read and replaced"]
    case .locked: ["Wait for it to end, or give each run a file of its own"]
    }
  }
}

extension String {
  /// The text with a small first letter, as it stands inside a sentence.
  var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}

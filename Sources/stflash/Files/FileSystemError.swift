import Basics
import Engine

#if canImport(Glibc)
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
  }

  /// What was tried, as a verb: "read", "write".
  var operation: String
  /// The file, as the user named it.
  var path: String
  /// What was wrong.
  var reason: Reason

  var report: FailureReport {
    FailureReport(.file, "cannot \(operation) \"\(path)\": \(cause)", evidence: [], remedies: remedies)
  }

  private var cause: String {
    switch reason {
    case .system(let number): String(cString: strerror(number)).lowercasingFirst
    case .tooLarge(let limit): "it has more than \(limit.byteSize)"
    case .isDirectory: "it is a directory"
    case .locked: "another stflash is using it"
    }
  }

  private var remedies: [String] {
    switch reason {
    case .system(ENOENT):
      [operation == "read" ? "Check the name and the current directory" : "Make the directory first"]
    case .system(EACCES), .system(EPERM), .system(EROFS):
      ["Check the permissions of the file and its directory"]
    case .system(ENOSPC), .system(EDQUOT):
      ["Free some space, or name a file on another disk; what was there before is untouched"]
    case .system: []
    case .tooLarge: ["Check that this is the file you meant"]
    case .isDirectory: ["Name a file in it"]
    case .locked: ["Wait for it to end, or give each run a file of its own"]
    }
  }
}

extension String {
  /// The text with a small first letter, as it stands inside a sentence.
  var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}

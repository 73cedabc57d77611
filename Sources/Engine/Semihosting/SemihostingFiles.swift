/// The host's side of semihosting: its console and, where the user allows it, files.
///
/// The engine knows no file system; whoever runs a program hands one in, and decides what a program may reach.
public protocol SemihostingFiles: AnyObject {
  /// Opens a file by the name that the program gives.
  ///
  /// - Parameter mode: how, as `fopen` says it.
  func open(_ name: String, _ mode: SemihostingFileMode) throws(SemihostingFileError) -> any SemihostingFile

  /// Takes a file away.
  func remove(_ name: String) throws(SemihostingFileError)

  /// Gives a file another name.
  func rename(_ name: String, to other: String) throws(SemihostingFileError)

  /// What has come in on standard input, at most so many bytes; nil for nothing yet, empty when it has ended.
  ///
  /// - Parameter isAwaited: whether the program stands still until something comes, so that it may be waited for a moment.
  func readInput(atMost byteCount: Int, isAwaited: Bool) -> [UInt8]?

  /// Whether standard input is a terminal.
  var isInputTerminal: Bool { get }

  /// The seconds since 1970.
  var secondsSince1970: UInt32 { get }
}

/// A file of the host that a program has open.
public protocol SemihostingFile: AnyObject {
  /// Reads from where the file stands; fewer bytes than asked for only at its end.
  func read(atMost byteCount: Int) throws(SemihostingFileError) -> [UInt8]

  /// Writes where the file stands, or at its end where it was opened for that.
  func write(_ bytes: [UInt8]) throws(SemihostingFileError)

  /// Goes to a byte, counted from the beginning.
  func seek(to position: Int) throws(SemihostingFileError)

  /// The file's length.
  func length() throws(SemihostingFileError) -> Int

  /// Closes the file; nothing else may follow.
  func close() throws(SemihostingFileError)
}

/// How a program opens a file (the semihosting specification, table "Value of mode").
public struct SemihostingFileMode: Sendable, Hashable {
  /// The number in the call, 0 to 11: r rb r+ r+b w wb w+ w+b a ab a+ a+b.
  public let rawValue: UInt32

  /// Takes a number over; nil for one that means nothing.
  public init?(rawValue: UInt32) {
    guard rawValue < 12 else { return nil }
    self.rawValue = rawValue
  }

  /// Whether the file is made, and emptied if it is there.
  public var truncates: Bool { (4..<8).contains(rawValue) }
  /// Whether the file is made if it is not there, and everything is written at its end.
  public var appends: Bool { rawValue >= 8 }
  /// Whether the file can be read.
  public var reads: Bool { rawValue < 4 || rawValue & 2 != 0 }
  /// Whether the file can be written.
  public var writes: Bool { rawValue >= 4 || rawValue & 2 != 0 }
}

/// Why something with a file did not work: the error number that the program gets to see, newlib's as it runs on the chip.
public struct SemihostingFileError: Error, Sendable, Hashable {
  /// The number by newlib's `errno.h`.
  public var number: UInt32

  /// Makes an error from newlib's number.
  public init(number: UInt32) {
    self.number = number
  }

  /// ENOENT.
  public static let notFound = SemihostingFileError(number: 2)
  /// EIO.
  public static let failed = SemihostingFileError(number: 5)
  /// EBADF.
  public static let badHandle = SemihostingFileError(number: 9)
  /// EACCES.
  public static let denied = SemihostingFileError(number: 13)
  /// EFAULT.
  public static let badAddress = SemihostingFileError(number: 14)
  /// EINVAL.
  public static let invalid = SemihostingFileError(number: 22)
  /// EMFILE.
  public static let tooMany = SemihostingFileError(number: 24)
  /// EFBIG.
  public static let tooBig = SemihostingFileError(number: 27)
  /// ENOSYS.
  public static let notImplemented = SemihostingFileError(number: 88)
}

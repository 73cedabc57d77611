import Basics

/// Why the caller of a function was not found.
public enum UnwindFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file does not say how to unwind from this address, as of code without debug information.
  case noInformation(UInt32)
  /// Memory at this address could not be read.
  case unreadable(UInt32)
  /// The way leads over a core register whose value nobody has kept.
  case lostRegister(Int)
  /// What the file says cannot be followed.
  case damaged(SymbolsError)

  /// In a phrase: "the file does not say how to unwind from 0x0800_0100".
  public var description: String {
    switch self {
    case .noInformation(let address):
      "the file does not say how to unwind from \(address.hexadecimal)"
    case .unreadable(let address): "the memory at \(address.hexadecimal) cannot be read"
    case .lostRegister(let number): "the value of R\(number) in this frame is not known"
    case .damaged(let error): "\(error)"
    }
  }
}

import Basics

/// Where a core stands in its program, and how it came there: the functions that wait for each other to return.
public struct CallStack: Sendable, Hashable {
  /// One function that runs or waits.
  public struct Frame: Sendable, Hashable {
    /// How the frame comes to be where it is.
    public enum Origin: Sendable, Hashable {
      /// The core stands in it.
      case running
      /// It has called the frame before; the program counter is the return address.
      case caller
      /// Nobody has called the frame before: it starts a task, and was given this function to return to.
      case taskEnd
      /// The exception whose handler is the frame before has interrupted it.
      case interrupted(by: CoreException?, ExceptionFrame)
    }

    /// Where it is, or goes on when it is returned to, without the Thumb bit.
    public var programCounter: UInt32
    /// How the frame comes to be where it is.
    public var origin: Origin
    /// Its registers, as far as they are known.
    public var registers: UnwindRegisters
    /// The symbol that holds the address, and how far behind its beginning that is.
    public var symbol: ProgramSymbol?
    /// How far the address lies behind the symbol's beginning; 0 without a symbol.
    public var offset: UInt32
    /// The line of source that is at work there.
    public var location: SourceLine?
    /// The functions of the source that are at work there, the innermost first: those that the compiler has put into the
    /// one that the code belongs to, and that one; empty where the file does not say it.
    public var functions: [SourceFunction] = []
    /// Whether it was found by the link register alone, because the file says nothing of the frame before.
    public var isGuess: Bool
  }

  /// Why there are no more frames.
  public enum End: Sendable, Hashable, CustomStringConvertible {
    /// The last frame has no caller: it is where the program or a task of it starts.
    case outermost
    /// The caller was not found.
    case failed(UnwindFailure)
    /// The return address is not one of the program's code.
    case notCode(UInt32)
    /// The next frame would be one that was there before, or lie deeper in the stack.
    case loop
    /// There are more frames than were asked for.
    case limit

    /// In a phrase.
    public var description: String {
      switch self {
      case .outermost: "the program starts here"
      case .failed(let failure): "\(failure)"
      case .notCode(let address):
        "the return address \(address.hexadecimal) is not in the program's code"
      case .loop: "the stack leads back to itself"
      case .limit: "there are more"
      }
    }
  }

  /// The frames, the running one first.
  public var frames: [Frame]
  /// Why there are no more.
  public var end: End

  /// Makes a call stack.
  public init(frames: [Frame], end: End) {
    self.frames = frames
    self.end = end
  }
}

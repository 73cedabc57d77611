/// What the core has put on a stack when it took an exception (ARMv7-M, B1.5.6 to B1.5.8).
public struct ExceptionFrame: Sendable, Hashable {
  /// The value in the link register of a handler that says where the frame is, and what of.
  public struct Return: Sendable, Hashable {
    /// The value, 0xFFFF_FFE1 to 0xFFFF_FFFD.
    public let rawValue: UInt32

    /// A value of a link register or a return address; nil where it is no EXC_RETURN.
    public init?(_ value: UInt32) {
      guard
        [0xFFFF_FFE1, 0xFFFF_FFE9, 0xFFFF_FFED, 0xFFFF_FFF1, 0xFFFF_FFF9, 0xFFFF_FFFD].contains(
          value)
      else {
        return nil
      }
      rawValue = value
    }

    /// Whether the frame is on the process stack; else on the main stack.
    public var usesProcessStack: Bool { rawValue & 0x4 != 0 }
    /// Whether the frame has room for the FPU's registers.
    public var hasFPURegisters: Bool { rawValue & 0x10 == 0 }
  }

  /// Where the frame begins.
  public var address: UInt32
  /// R0 to R3.
  public var arguments: [UInt32]
  /// R12.
  public var r12: UInt32
  /// R14 of the code that was interrupted.
  public var linkRegister: UInt32
  /// The address at which that code goes on: of a fault that is precise, the instruction that has failed.
  public var returnAddress: UInt32
  /// xPSR of that code; bit 9 says that a word lies between frame and stack.
  public var xPSR: UInt32
  /// The size of the frame in bytes, without the word for alignment.
  public var size: UInt32

  /// Bytes of R0 to R3, R12, R14, PC and xPSR, and of these with S0 to S15, FPSCR and a reserved word.
  private static let (basicSize, extendedSize): (UInt32, UInt32) = (0x20, 0x68)

  /// The stack pointer of the code that was interrupted.
  public var stackPointer: UInt32 { address &+ size &+ (xPSR & 1 << 9 != 0 ? 4 : 0) }

  /// Reads a frame; fails with the address that cannot be read.
  static func read<E: Error>(
    at address: UInt32, _ kind: Return, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<ExceptionFrame, UnwindFailure> {
    var words: [UInt32] = []
    for index in 0..<UInt32(8) {
      guard let word = try read(address &+ 4 * index) else {
        return .failure(.unreadable(address &+ 4 * index))
      }
      words.append(word)
    }
    return .success(
      ExceptionFrame(
        address: address, arguments: Array(words[0...3]), r12: words[4], linkRegister: words[5],
        returnAddress: words[6] & ~1, xPSR: words[7],
        size: kind.hasFPURegisters ? extendedSize : basicSize))
  }
}

/// The core registers R0 to R15 of a frame of the call stack, as far as they are known.
public struct UnwindRegisters: Sendable, Hashable {
  private var values: [UInt32?]

  /// The registers by number: 13 is the stack pointer in use, 14 the link register, 15 the program counter.
  ///
  /// What is missing at the end is not known.
  public init(_ values: [UInt32?]) {
    self.values = (0..<16).map { $0 < values.count ? values[$0] : nil }
  }

  /// R0 to R15; nil where nobody has kept the value, and for every other number.
  public subscript(_ number: Int) -> UInt32? {
    get { values.indices.contains(number) ? values[number] : nil }
    set { if values.indices.contains(number) { values[number] = newValue } }
  }

  /// R13, the stack pointer in use.
  public var stackPointer: UInt32? {
    get { self[13] }
    set { self[13] = newValue }
  }

  /// R14, the link register.
  public var linkRegister: UInt32? {
    get { self[14] }
    set { self[14] = newValue }
  }

  /// R15, the program counter; in the frames of callers, the return address without its Thumb bit.
  public var programCounter: UInt32? {
    get { self[15] }
    set { self[15] = newValue }
  }
}

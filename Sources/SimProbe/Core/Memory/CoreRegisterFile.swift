/// A bank of 32-bit registers at a fixed place in memory, which the execution loop reaches without checks.
///
/// Its owner frees it with `deallocate()`.
struct CoreRegisterFile {
  /// The number of a register that nothing reads, behind R15.
  static let sink: UInt8 = 16

  private let words: UnsafeMutablePointer<UInt32>

  /// Registers that are all zero.
  init(count: Int) {
    words = .allocate(capacity: count)
    words.initialize(repeating: 0, count: count)
  }

  /// A register by its number, which the caller has checked.
  subscript(number: Int) -> UInt32 {
    @inline(__always) get { words[number] }
    @inline(__always) nonmutating set { words[number] = newValue }
  }

  /// A register by a field of an instruction.
  subscript(number: UInt8) -> UInt32 {
    @inline(__always) get { words[Int(number)] }
    @inline(__always) nonmutating set { words[Int(number)] = newValue }
  }

  /// Frees the memory.
  func deallocate() {
    words.deallocate()
  }
}

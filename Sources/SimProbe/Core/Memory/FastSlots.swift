/// Fast memory by the address's top bits, which the execution loop reaches without checks.
///
/// Its owner frees it with `deallocate()`.
struct FastSlots {
  /// For loads and stores.
  let data: UnsafeMutablePointer<FastSlot>
  /// For fetches.
  let code: UnsafeMutablePointer<FastSlot>
  /// What a slot without memory holds.
  let empty: FastSlot

  /// How many slots there are for each purpose.
  static let count = 1 << Int(32 - FastMemory.slotBits)

  /// Slots that are all empty.
  init() {
    empty = FastSlot(bytes: .allocate(byteCount: 4, alignment: 4))
    data = .allocate(capacity: Self.count)
    code = .allocate(capacity: Self.count)
    data.initialize(repeating: empty, count: Self.count)
    code.initialize(repeating: empty, count: Self.count)
  }

  /// Frees the memory.
  func deallocate() {
    data.deallocate()
    code.deallocate()
    empty.bytes.deallocate()
  }
}

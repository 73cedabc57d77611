/// The single-precision floating-point instructions (ARMv7-M, chapter A7, V…).
extension CortexCore {
  @inline(never)
  func executeFloat(_ op: Operation) throws(CoreFault) {
    throw .usage(.undefinedInstruction)
  }
}

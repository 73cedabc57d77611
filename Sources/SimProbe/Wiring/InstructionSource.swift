/// Who knows which instruction executes: parts note with what they report, who asked for it.
protocol InstructionSource: AnyObject {
  /// The address of the instruction that executes right now; nil while none does.
  var executingAddress: UInt32? { get }
}

/// What .debug_frame or .eh_frame says of one function: an FDE, with what it has in common with others, its CIE.
///
/// Source: DWARF 5, 6.4.1; Linux Standard Base Core 5.0, 10.6 (.eh_frame).
struct FrameDescription: Sendable {
  /// What functions have in common: a CIE.
  struct Common: Sendable {
    /// The number of bytes that an advance by one means.
    var codeAlignment: UInt32
    /// What offsets are multiplied with.
    var dataAlignment: Int32
    /// The register that holds the return address.
    var returnRegister: Int
    /// How addresses in the FDEs are written (DW_EH_PE); 0 is an absolute address.
    var pointerEncoding: UInt8 = 0
    /// Whether data of a language stands before the instructions.
    var hasAugmentationData = false
    /// Whether the frame is a signal handler's: the return address is exact.
    var isSignalFrame = false
    /// The bytes of an address.
    var addressSize = 4
    /// The instructions with which every FDE begins, in the section.
    var instructions: Range<Int>
  }

  /// The section that it is in.
  var part: SymbolsError.Part
  var common: Common
  /// The code that it is about.
  var addresses: Range<Int>
  /// Its instructions, in the section.
  var instructions: Range<Int>
}

/// How to find the caller of a function at any of its addresses: .debug_frame, and .eh_frame where there is one.
///
/// Source: DWARF 5, 6.4; Procedure Call Standard for the Arm Architecture (IHI 0042), 5.1.1, for registers that are not
/// mentioned.
public struct CallFrameInformation: Sendable {
  /// What there is above a frame.
  public enum Outcome: Sendable, Hashable {
    /// The registers of the caller; its program counter is the return address as it was kept, with its Thumb bit, or an
    /// EXC_RETURN value; nil where the function has not kept it, because it does not return.
    case caller(UnwindRegisters)
    /// Nothing: the file says that this function has no caller.
    case outermost
    /// The caller was not found.
    case failed(UnwindFailure)
  }

  private let sections: ELFSections
  private let descriptions: AddressIndex<FrameDescription>
  /// What could not be read and was left out.
  let problems: [SymbolsError]

  init(_ sections: ELFSections) {
    self.sections = sections
    // Those of .debug_frame come last, so that they win: they are complete, .eh_frame only where exceptions may be thrown.
    let parts = [SymbolsError.Part.exceptionFrames, .frames].map {
      FrameReader.read($0, of: sections)
    }
    problems = parts.flatMap(\.problems)
    descriptions = AddressIndex(
      parts.flatMap(\.descriptions).lazy.filter {
        sections.mayHoldCode(UInt32(truncatingIfNeeded: $0.addresses.lowerBound))
      }.map { .init(range: $0.addresses, element: $0) })
  }

  /// The caller of the function that an address belongs to.
  ///
  /// `address` is the program counter where the core stands there, and the address before it where it is a return address.
  /// `read` gives the word at an address, or nil where it cannot be read; what it throws ends the search.
  public func caller<E: Error>(
    of registers: UnwindRegisters, at address: UInt32, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Outcome {
    guard let description = descriptions.nearest(to: address)?.element else {
      return .failed(.noInformation(address))
    }
    let (rules, section): (UnwindRules, SectionCursor)
    do throws(SymbolsError) {
      guard let cursor = try sections.cursor(description.part) else {
        return .failed(.noInformation(address))
      }
      section = cursor
      rules = try FrameProgram.rules(at: address, description, in: section)
    } catch {
      return .failed(.damaged(error))
    }
    if rules[description.common.returnRegister] == .undefined { return .outermost }
    let step = UnwindStep(rules: rules, section: section, registers: registers, address: address)
    return try step.caller(returnRegister: description.common.returnRegister, read: read)
  }
}

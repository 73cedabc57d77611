/// Applies the rules of one frame to its registers.
struct UnwindStep {
  let rules: UnwindRules
  /// The section in which the rules' expressions are.
  let section: SectionCursor
  let registers: UnwindRegisters
  /// The address that the rules are for.
  let address: UInt32

  /// R4 to R11 and R13, which a function leaves as they were (IHI 0042, 5.1.1).
  private static let kept = Set(4...11)

  /// The caller's registers.
  func caller<E: Error>(
    returnRegister: Int, read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> CallFrameInformation.Outcome {
    let frameAddress: UInt32
    switch try self.frameAddress(read) {
    case .success(let value): frameAddress = value
    case .failure(let failure): return .failed(failure)
    }
    var caller = UnwindRegisters([])
    for number in 0..<15 {
      switch try value(of: number, frameAddress, read) {
      case .success(let value): caller[number] = value
      case .failure(let failure):
        // A register more or less that is not known is no reason to stop; without the return address there is no caller.
        if number == returnRegister { return .failed(failure) }
      }
    }
    caller.programCounter = caller[returnRegister]
    // The call itself has changed the link register.
    caller.linkRegister = nil
    return .caller(caller)
  }

  private func frameAddress<E: Error>(
    _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<UInt32, UnwindFailure> {
    switch rules.frameAddress {
    case .unknown: return .failure(.noInformation(address))
    case .register(let number, let offset):
      guard let value = registers[number] else { return .failure(.lostRegister(number)) }
      return .success(value &+ UInt32(bitPattern: offset))
    case .expression(let range): return try compute(range, nil, read)
    }
  }

  /// A caller's register; nil where nobody has kept it.
  private func value<E: Error>(
    of number: Int, _ frameAddress: UInt32, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<UInt32?, UnwindFailure> {
    switch rules[number] {
    case .unspecified:
      // The stack pointer of the caller is the frame address, unless it says otherwise.
      if number == 13 { return .success(frameAddress) }
      return .success(UnwindStep.kept.contains(number) || number == 14 ? registers[number] : nil)
    case .same: return .success(registers[number])
    case .undefined: return .success(nil)
    case .frameAddress(let offset): return .success(frameAddress &+ UInt32(bitPattern: offset))
    case .register(let other): return .success(registers[other])
    case .stored(let offset): return try load(frameAddress &+ UInt32(bitPattern: offset), read)
    case .expression(let range, let isAddress):
      switch try compute(range, frameAddress, read) {
      case .failure(let failure): return .failure(failure)
      case .success(let value): return isAddress ? try load(value, read) : .success(value)
      }
    }
  }

  private func load<E: Error>(
    _ address: UInt32, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<UInt32?, UnwindFailure> {
    guard let word = try read(address) else { return .failure(.unreadable(address)) }
    return .success(word)
  }

  private func compute<E: Error>(
    _ range: Range<Int>, _ frameAddress: UInt32?, _ read: (UInt32) throws(E) -> UInt32?
  ) throws(E) -> Result<UInt32, UnwindFailure> {
    let expression: SectionCursor
    do throws(SymbolsError) {
      expression = try section.part(range)
    } catch {
      return .failure(.damaged(error))
    }
    return try FrameExpression.value(
      expression, registers: registers, frameAddress: frameAddress, read: read)
  }
}

import Engine
import Testing

@Suite struct CallStackTests {
  /// A core that stands in `stopped`, its memory, and the call stack that GDB finds.
  private struct Recording {
    var core: HaltedCore
    var memory: [UInt32: UInt32] = [:]
    /// The program counter, the function and the line of each frame; nil for an exception.
    var frames: [(programCounter: UInt32?, function: String, place: String)?] = []

    init(_ name: String) throws {
      core = HaltedCore(registers: UnwindRegisters([]), xPSR: 0)
      for line in try SymbolFixture.words(name + ".stack") {
        let numbers = line.dropFirst().compactMap { UInt32($0, radix: 16) }
        switch line[0] {
        case "registers": core.registers = UnwindRegisters(numbers.map { $0 })
        case "xpsr": core.xPSR = numbers[0]
        case "psp": core.processStackPointer = numbers[0]
        case "memory":
          for (index, word) in numbers.dropFirst().enumerated() {
            memory[numbers[0] + 4 * UInt32(index)] = word
          }
        default:
          frames.append(line.count > 2 ? (UInt32(line[1], radix: 16), line[2], line[3]) : nil)
        }
      }
    }
  }

  private func stack(_ name: String, change: (inout Recording) -> Void = { _ in }) throws
    -> CallStack
  {
    var recording = try Recording(name)
    change(&recording)
    return try SymbolFixture.program(name).callStack(of: recording.core) { recording.memory[$0] }
  }

  @Test(arguments: SymbolFixture.names + ["gcc-Os-tables"])
  func `functions, exceptions and lines are those that GDB finds`(name: String) throws {
    let found = try stack(name).frames
    var index = 0
    var exceptions = ["HardFault", "SVCall"]
    var isException = false
    for expected in try Recording(name).frames {
      guard let expected else {
        isException = true
        continue
      }
      let frame = try #require(index < found.count ? found[index] : nil, "\(expected) is missing")
      index += 1
      if let counter = expected.programCounter { #expect(frame.programCounter == counter) }
      #expect(frame.symbol?.name == expected.function)
      let line = frame.location.map { "\($0.file.split(separator: "/").last ?? ""):\($0.line ?? 0)" }
      #expect((line ?? "-") == expected.place)
      if isException, case .interrupted(let exception, _) = frame.origin {
        #expect(exception?.description == exceptions.removeFirst())
      } else {
        #expect(
          !isException && (index == 1 ? frame.origin == .running : frame.origin == .caller),
          "\(expected)")
      }
      isException = false
    }
  }

  @Test(arguments: SymbolFixture.names + ["gcc-Os-tables"])
  func `a task ends where its start was given an end to return to`(name: String) throws {
    let stack = try stack(name)
    #expect(stack.end == .outermost)
    #expect(
      stack.frames.last?.symbol?.name == "thread_end" && stack.frames.last?.origin == .taskEnd)
    let guesses = stack.frames.filter(\.isGuess).compactMap { $0.symbol?.name }
    switch name {
    // Clang knows that `stopped` does not return, and does not keep for the HardFault handler what that will not need.
    case "clang-O1-dwarf5": #expect(guesses == ["look_up"])
    // Tables for exceptions are right at calls only.
    case "gcc-Os-tables": #expect(guesses == ["HardFault_Handler", "SVC_Handler", "from_ram"])
    default: #expect(guesses.isEmpty)
    }
  }

  @Test
  func `the frame of a thread with FPU registers and a misaligned stack is passed over whole`()
    throws
  {
    let frame = try #require(try stack("gcc-O2-dwarf4").frames.first { $0.symbol?.name == "trap" })
    guard case .interrupted(_, let stacked) = frame.origin else {
      Issue.record("trap was not interrupted")
      return
    }
    #expect(stacked.address == 0x2000_0348 && stacked.size == 0x68 && stacked.xPSR == 0x0100_0200)
    #expect(frame.registers.stackPointer == 0x2000_03B4)
    // What the SVC handler has done has used the main stack, and no FPU.
    let fault = try #require(
      try stack("gcc-O2-dwarf4").frames.first { $0.symbol?.name == "look_up" })
    guard case .interrupted(_, let faulted) = fault.origin else { return }
    #expect(faulted.size == 0x20 && CoreException(xPSR: faulted.xPSR)?.description == "SVCall")
  }

  @Test func `a stack that cannot be read ends with the address`() throws {
    // The return address of the innermost descend.
    let missing: UInt32 = 0x2000_03D4
    let stack = try stack("gcc-O2-dwarf4") { $0.memory[missing] = nil }
    #expect(stack.frames.count == 7 && stack.frames.last?.symbol?.name == "descend")
    #expect(stack.end == .failed(.unreadable(missing)))
  }
}

@testable import SimProbe

/// Drives a simulated debug port with a recording of a real one, in recorded order and time, and compares every read.
final class SiliconBench {
  /// A read whose data differ.
  struct Difference: CustomStringConvertible {
    var line: Int
    /// The bus address that the data come from; nil for registers of the debug port.
    var address: UInt32?
    var recorded: UInt32
    var simulated: UInt32

    var description: String {
      "line \(line)" + (address.map { " [\(hexadecimal($0))]" } ?? "")
        + ": recorded \(hexadecimal(recorded)), simulated \(hexadecimal(simulated))"
    }

    private func hexadecimal(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) }
  }

  let clock = VirtualClock()
  let board: Board

  /// What has been found so far.
  private(set) var readCount = 0
  private(set) var differences: [Difference] = []
  /// Lines whose packet the simulated target refused for good.
  private(set) var refusals: [(line: Int, answer: SWDAnswer)] = []

  private var transferAddress: UInt32 = 0
  private var bank: UInt32 = 0
  /// The address behind the access-port read that is under way.
  private var posted: UInt32?

  /// How often a packet is repeated on WAIT before it counts as refused; a repeat takes 11.5 µs on the wire.
  private static let patience = 10_000

  init(chip: String = "stm32f429zi", configure: (Board) -> Void = { _ in }) throws {
    let model = try BoardModel.named(chip)
    let chip = Chip(model: try ChipModel(named: model.chip), clock: clock, seed: 1)
    board = Board(model: model, chip: chip, supplyMillivolts: 3200)
    configure(board)
  }

  /// Plays one recording.
  func play(_ recording: WireRecording) {
    for step in recording.steps {
      clock.advance(by: step.gapMicroseconds * 1000)
      switch step.operation {
      case .lineReset: board.lineReset()
      case .switchSequence(let bits): board.switchSequence(bits)
      case .write(let isAccessPort, let register, let data):
        write(step, isAccessPort ? .access : .debug, register, data)
      case .read(let isAccessPort, let register, let data):
        read(step, isAccessPort ? .access : .debug, register, data)
      }
    }
  }

  private func write(_ step: WireRecording.Step, _ port: SWDPacket.Port, _ register: UInt8, _ data: UInt32) {
    guard case .ok = insist(.write(port, register, data), step) else { return }
    switch (port, register) {
    case (.debug, 0x8): bank = data & 0xF0
    case (.access, 0x4) where bank == 0: transferAddress = data
    default: break
    }
  }

  private func read(_ step: WireRecording.Step, _ port: SWDPacket.Port, _ register: UInt8, _ recorded: UInt32) {
    guard case .ok(let simulated) = insist(.read(port, register), step) else { return }
    let isResult = port == .access || register == 0xC
    let source = isResult ? posted : nil
    if port == .access { posted = address(of: register) }
    // The first result after a connection is what the port held before the recording began.
    if port == .access && source == nil { return }
    readCount += 1
    guard simulated != recorded else { return }
    differences.append(
      Difference(line: step.line, address: source, recorded: recorded, simulated: simulated))
  }

  /// The bus address that an access-port register reaches; for its other registers, their offset.
  private func address(of register: UInt8) -> UInt32 {
    switch (bank, register) {
    case (0x00, 0xC): transferAddress
    case (0x10, _): transferAddress & ~0xF | UInt32(register)
    default: bank | UInt32(register)
    }
  }

  private func insist(_ packet: SWDPacket, _ step: WireRecording.Step) -> SWDAnswer {
    for _ in 0..<SiliconBench.patience {
      let answer = board.transfer(packet)
      switch answer {
      case .ok: return answer
      case .wait: clock.advance(by: 11_500)
      default:
        refusals.append((step.line, answer))
        return answer
      }
    }
    refusals.append((step.line, .wait))
    return .wait
  }
}

/// A peripheral whose registers keep what software writes, and acknowledge what firmware waits for; nothing else of it
/// is modelled.
final class RegisterBlock: Peripheral {
  let name: String
  let registers: RegisterFile
  let hasFunction = false

  /// An answer that is on its way.
  private struct Due {
    var time: UInt64
    let answer: RegisterAnswer
    let written: UInt32
  }

  private let answers: [RegisterAnswer]
  private var due: [Due] = []

  init(_ name: String, _ table: RegisterTable, answers: [RegisterAnswer] = []) {
    self.name = name
    self.answers = answers
    registers = RegisterFile(table.registers)
  }

  var nextEvent: UInt64? { due.map(\.time).min() }

  func advance(to now: UInt64) {
    guard let next = nextEvent, next <= now else { return }
    for entry in due where entry.time <= now { perform(entry.answer, entry.written) }
    due.removeAll { $0.time <= now }
  }

  func postpone(by nanoseconds: UInt64) {
    for index in due.indices { due[index].time += nanoseconds }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    for answer in answers where answer.register == offset {
      let isAsked =
        answer.effect.isFollowing ? (registers[offset] ^ old) & answer.bits != 0 : written & answer.bits != 0
      guard isAsked else { continue }
      if answer.delay == 0 {
        perform(answer, written)
      } else {
        due.append(Due(time: now + answer.delay, answer: answer, written: written))
      }
    }
  }

  func reset(now: UInt64) {
    registers.reset()
    due = []
  }

  private func perform(_ answer: RegisterAnswer, _ written: UInt32) {
    switch answer.effect {
    case .clears: registers[answer.register] &= ~(written & answer.bits)
    case .follows(let register, let bit):
      let isSet = registers[answer.register] & answer.bits != 0
      registers[register] = registers[register] & ~(1 << bit) | (isSet ? 1 << bit : 0)
    case .raises(let register, let bits): registers[register] |= bits
    case .lowers(let register): registers[register] &= ~(written & answer.bits)
    }
  }
}

extension RegisterAnswer.Effect {
  /// Whether the answer is to both values of a bit.
  fileprivate var isFollowing: Bool {
    if case .follows = self { true } else { false }
  }
}

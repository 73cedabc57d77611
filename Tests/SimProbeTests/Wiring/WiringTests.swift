import Testing

@testable import SimProbe

@Suite struct WiringTests {
  /// Something with an input.
  private final class Part {
    var heard: [String] = []
  }

  @Test func `a line tells of changes only, and a signal of each event`() {
    let (part, line, signal) = (Part(), Line(), Signal<Int>())
    line.connect(to: part) { $0.heard.append($1 ? "up" : "down") }
    signal.connect(to: part) { $0.heard.append("\($1)") }
    for level in [false, true, true, false] { line.drive(level) }
    for value in [1, 1, 2] { signal.send(value) }
    #expect(part.heard == ["up", "down", "1", "1", "2"])
    #expect(!line.isHigh)
  }

  @Test func `receivers hear in the order of their connection`() {
    let (first, second, signal) = (Part(), Part(), Signal<Void>())
    var order: [String] = []
    signal.connect(to: second) { _ in order.append("second") }
    signal.connect(to: first) { _ in order.append("first") }
    signal.send()
    #expect(order == ["second", "first"])
    withExtendedLifetime((first, second)) {}
  }

  @Test func `connections keep no part`() throws {
    weak var chip: Chip?
    weak var board: Board?
    do {
      let part = Chip(model: try ChipModel(named: "stm32f429zi"), clock: VirtualClock(), seed: 1)
      let around = Board(model: .generic(part.model), chip: part)
      around.weakenSupply(byMillivolts: 500)
      around.interruptSupply(milliseconds: 1)
      (chip, board) = (part, around)
    }
    #expect(chip == nil)
    #expect(board == nil)
  }

  @Test func `appointments are kept in the order of their times, and of their making`() {
    let part = Part()
    var appointments = Appointments()
    appointments.add(at: 20, to: part) { $0.heard.append("late") }
    appointments.add(at: 10, to: part) { $0.heard.append("first") }
    appointments.add(at: 10, to: part) { $0.heard.append("second") }
    #expect(appointments.next == 10)
    while let action = appointments.takeDue(at: 15) { action() }
    #expect(part.heard == ["first", "second"])
    #expect(appointments.next == 20)
  }
}

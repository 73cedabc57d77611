/// Breaks things on a simulated bench, at the moments that were asked for.
///
/// It watches the bench only where a moment waits; a bench without faults carries nothing of it.
final class FaultInjector {
  /// A fault that is to happen, or to be over.
  private struct Turn: Equatable {
    let moment: FaultMoment
    let fault: Fault
    let isEnd: Bool
  }

  private var waiting: [Turn]
  private let initial: [Fault]
  private var commandCount = 0
  private var operationCounts: [FaultMoment.Operation: Int] = [:]

  /// Makes an injector of faults, in their order.
  init(_ faults: [Fault]) {
    initial = faults.filter { $0.moment == nil }
    waiting = faults.flatMap { fault in
      var turns = fault.moment.map { [Turn(moment: $0, fault: fault, isEnd: false)] } ?? []
      if case .at(let moment) = fault.end { turns.append(Turn(moment: moment, fault: fault, isEnd: true)) }
      return turns
    }
  }

  /// Breaks what is broken from the start, before power comes up, and waits for the other moments.
  func begin(in simulation: Simulation) {
    for fault in initial { strike(fault, in: simulation) }
    watch(simulation)
  }

  private func watch(_ simulation: Simulation) {
    let chip = simulation.board.chip
    for turn in waiting {
      guard case .time(let time) = turn.moment else { continue }
      chip.schedule(at: time, for: simulation) { $0.injector.take(turn, in: $0) }
    }
    waiting.removeAll { if case .time = $0.moment { true } else { false } }
    guard !waiting.isEmpty else { return }
    simulation.device.commandBegins.connect(to: simulation) { $0.injector.commandBegins(in: $0) }
    simulation.device.transferBegins.connect(to: simulation) { simulation in
      let count = simulation.device.transferCount
      simulation.injector.take(in: simulation) { $0 == .transfer(count) }
    }
    simulation.usbSocket.transferBegins.connect(to: simulation) { simulation in
      let count = simulation.usbSocket.transferCount
      simulation.injector.take(in: simulation) { $0 == .transfer(count) }
    }
    simulation.board.serialWires.characterBegins.connect(to: simulation) { simulation, count in
      simulation.injector.take(in: simulation) { $0 == .character(count) }
    }
    chip.flash.operationBegan.connect(to: simulation) { $0.injector.operationBegan($1, in: $0) }
  }

  private func commandBegins(in simulation: Simulation) {
    commandCount += 1
    let count = commandCount
    take(in: simulation) { $0 == .command(count) }
  }

  private func operationBegan(_ operation: FlashOperation, in simulation: Simulation) {
    let chip = simulation.board.chip
    let middle = operation.start + (operation.end - operation.start) / 2
    for turn in due(at: operation, of: chip.flash) {
      chip.schedule(at: middle, for: simulation) { $0.injector.take(turn, in: $0) }
    }
  }

  private func take(in simulation: Simulation, when isDue: (FaultMoment) -> Bool) {
    let due = waiting.filter { isDue($0.moment) }
    waiting.removeAll { due.contains($0) }
    for turn in due { take(turn, in: simulation) }
  }

  /// The turns that wait for a flash operation, which they do no longer.
  private func due(at operation: FlashOperation, of flash: FlashInterface) -> [Turn] {
    let kind = operation.momentKind
    operationCounts[kind, default: 0] += 1
    let due = waiting.filter { turn in
      switch turn.moment {
      case .operation(kind, operationCounts[kind]): true
      case .address(let address): flash.changes(address, operation)
      default: false
      }
    }
    waiting.removeAll { due.contains($0) }
    return due
  }

  private func take(_ turn: Turn, in simulation: Simulation) {
    if turn.isEnd { turn.fault.kind.ending?(simulation) } else { strike(turn.fault, in: simulation) }
  }

  private func strike(_ fault: Fault, in simulation: Simulation) {
    guard case .event(let effect) = fault.kind.effect else { return }
    effect(simulation, fault.argument)
    guard case .after(let time) = fault.end else { return }
    simulation.board.chip.schedule(at: simulation.clock.nanoseconds + time, for: simulation) {
      fault.kind.ending?($0)
    }
  }
}

extension FlashOperation {
  /// What a moment calls the operation.
  fileprivate var momentKind: FaultMoment.Operation {
    switch kind {
    case .erase: .erase
    case .program: .program
    case .options: .options
    }
  }
}

extension FlashInterface {
  /// Whether an operation changes the cell at an address of the main flash.
  fileprivate func changes(_ address: UInt32, _ operation: FlashOperation) -> Bool {
    let start = variant.family.memory.flashBase
    guard address >= start, address - start < map.byteCount else { return false }
    let offset = address - start
    return switch operation.kind {
    case .erase(let sectors): sectors & 1 << UInt32(map.index(at: offset)) != 0
    case .program(.main, let first, _, let byteCount): (first..<first + byteCount).contains(Int(offset))
    case .program(.otp, _, _, _): false
    case .options(_, let massEraseEnd): massEraseEnd != nil
    }
  }
}

extension SimulationParts {
  /// Makes the parts as the faults have them.
  mutating func apply(_ faults: [Fault]) throws(FaultError) {
    for fault in faults {
      if let reason = fault.kind.obstacle(self, fault.argument) {
        throw .notOnThisBench(name: fault.name, reason: reason)
      }
      if case .parts(let effect) = fault.kind.effect { effect(&self, fault.argument) }
    }
  }
}

extension Chip {
  /// Gives a chip that never had power the contents of the faults.
  func fill(as faults: [Fault]) {
    for fault in faults {
      switch fault.kind.effect {
      case .contents(let effect): effect(self, fault.argument)
      case .firmware(let effect): effect(self, fault.argument, fault.secondArgument)
      case .parts, .event: break
      }
    }
    flash.loadOptions()
  }
}

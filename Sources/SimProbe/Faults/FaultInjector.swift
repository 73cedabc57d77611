/// Breaks things on a simulated bench, at the moments that were asked for.
///
/// It watches the bench only where a moment waits; a bench without faults carries nothing of it.
final class FaultInjector {
  private var waiting: [Fault]
  private let initial: [Fault]
  private var commandCount = 0
  private var operationCounts: [FaultMoment.Operation: Int] = [:]

  /// Makes an injector of faults, in their order.
  init(_ faults: [Fault]) {
    initial = faults.filter { $0.moment == nil }
    waiting = faults.filter { $0.moment != nil }
  }

  /// Breaks what is broken from the start, before power comes up, and waits for the other moments.
  func begin(in simulation: Simulation) {
    for fault in initial { strike(fault, in: simulation) }
    watch(simulation)
  }

  private func watch(_ simulation: Simulation) {
    let chip = simulation.board.chip
    for fault in waiting {
      guard case .time(let time) = fault.moment else { continue }
      chip.schedule(at: time, for: simulation) { $0.injector.strike(fault, in: $0) }
    }
    waiting.removeAll { if case .time = $0.moment { true } else { false } }
    guard !waiting.isEmpty else { return }
    simulation.device.commandBegins.connect(to: simulation) { $0.injector.commandBegins(in: $0) }
    simulation.device.transferBegins.connect(to: simulation) { simulation in
      let count = simulation.device.transferCount
      simulation.injector.strike(in: simulation) { $0 == .transfer(count) }
    }
    chip.flash.operationBegan.connect(to: simulation) { $0.injector.operationBegan($1, in: $0) }
  }

  private func commandBegins(in simulation: Simulation) {
    commandCount += 1
    let count = commandCount
    strike(in: simulation) { $0 == .command(count) }
  }

  private func operationBegan(_ operation: FlashOperation, in simulation: Simulation) {
    let chip = simulation.board.chip
    let middle = operation.start + (operation.end - operation.start) / 2
    for fault in due(at: operation, of: chip.flash) {
      chip.schedule(at: middle, for: simulation) { $0.injector.strike(fault, in: $0) }
    }
  }

  private func strike(in simulation: Simulation, when isDue: (FaultMoment) -> Bool) {
    let due = waiting.filter { $0.moment.map(isDue) ?? false }
    waiting.removeAll { due.contains($0) }
    for fault in due { strike(fault, in: simulation) }
  }

  /// The faults that wait for a flash operation, which they do no longer.
  private func due(at operation: FlashOperation, of flash: FlashInterface) -> [Fault] {
    let kind = operation.momentKind
    operationCounts[kind, default: 0] += 1
    let due = waiting.filter { fault in
      switch fault.moment {
      case .operation(kind, operationCounts[kind]): true
      case .address(let address): flash.changes(address, operation)
      default: false
      }
    }
    waiting.removeAll { due.contains($0) }
    return due
  }

  private func strike(_ fault: Fault, in simulation: Simulation) {
    if case .event(let effect) = fault.kind.effect { effect(simulation, fault.argument) }
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
      if case .contents(let effect) = fault.kind.effect { effect(self, fault.argument) }
    }
    flash.loadOptions()
  }
}

import Testing

@testable import SimProbe

/// A simulation that nobody holds any more is gone with all of its parts.
@Suite struct SimulationLifetimeTests {
  /// What a simulation is made of, without keeping it.
  private struct Parts {
    weak var board: Board?
    weak var chip: Chip?
    weak var core: CortexCore?
    weak var flash: FlashInterface?
    weak var device: SimulatedUSBDevice?

    init(_ simulation: Simulation) {
      (board, chip, core) = (simulation.board, simulation.board.chip, simulation.board.chip.core)
      (flash, device) = (simulation.board.chip.flash, simulation.device)
    }

    var isGone: Bool { board == nil && chip == nil && core == nil && flash == nil && device == nil }
  }

  @Test(arguments: [
    [], ["unpowered@transfer=3"], ["unplugged@command=2"], ["brown-out"], ["vcap-missing"], ["weak-supply"],
    ["firmware=watchdog"], ["jumpers-open@time=1ms"], ["unpowered@address=0x08000000"],
  ])
  func `nothing of a simulation is left behind`(faults: [String]) throws {
    let parts: Parts
    do {
      var configuration = SimulationConfiguration(target: "nucleo-f411re")
      configuration.faults = try faults.map { try Fault($0) }
      let simulation = try Simulation(configuration)
      simulation.onSerialOutput { _ in }
      simulation.run(for: .milliseconds(5))
      parts = Parts(simulation)
      #expect(!parts.isGone)
    }
    #expect(parts.isGone)
  }
}

import Engine
import SimProbe

/// Flashes a simulated chip: the engine through its link's real protocol into a flash controller that keeps time.
@main enum FlashSimulatedChip {
  static func main() throws {
    let simulation = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
    let session = TargetSession(probe: simulation.probe) { event in
      if case .phaseFinished(let phase, let duration) = event { print("\(phase): \(duration)") }
    }
    try session.open()
    defer { session.close() }

    // A stack pointer, a reset vector, and a program of one instruction that jumps to itself.
    let program: [UInt8] = [0x00, 0x00, 0x02, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7]
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: program) else { return }
    let plan = try session.plan(writing: image, isToBeExecuted: true)
    try session.execute(plan)
    print("programmed and verified \(program.count) bytes")
  }
}

import LinkInterface

@testable import Engine
@testable import SimProbe
@testable import stflash

/// A directory, files in it, and command lines on simulated targets.
struct SimulatedDesk {
  let directory = TemporaryDirectory()
  var bench = CommandLineBench()

  /// The path of a file of the package.
  static func path(_ name: String) -> String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    return parts.joined(separator: "/") + "/" + name
  }

  /// The path of a fixture.
  static func fixture(_ name: String) -> String { path("Tests/Fixtures/" + name) }

  /// Runs a command line in which `@` stands for the desk's directory.
  func run(_ line: String) -> CommandLineBench.Outcome {
    run(
      line.split(separator: " ").map { word in
        word.split(separator: "@", omittingEmptySubsequences: false).joined(separator: directory.path + "/")
      })
  }

  /// Runs arguments as they are; what is printed has `@` in place of the desk's directory.
  func run(_ arguments: [String]) -> CommandLineBench.Outcome {
    var outcome = bench.run(arguments)
    outcome.output = anonymous(outcome.output)
    outcome.error = anonymous(outcome.error)
    outcome.screen = anonymous(outcome.screen)
    return outcome
  }

  private func anonymous(_ text: String) -> String {
    text.split(separator: directory.path + "/", omittingEmptySubsequences: false).joined(separator: "@")
  }

  /// Reads a file of the desk.
  func read(_ name: String) throws -> [UInt8] { try FileSystem().read(directory.file(name)) }

  /// Makes a state file of a chip whose option register was given a value, by the sequence of RM0090, 3.6.5.
  func makeState(_ name: String, target: String, optionControl: UInt32) throws {
    let simulation = try Simulation(SimulationConfiguration(target: target))
    let link = try STLink(probe: simulation.probe)
    _ = try Attach.run(link, mode: .normal)
    for (address, value) in [
      (0x4002_3C08, 0x0819_2A3B), (0x4002_3C08, 0x4C5D_6E7F), (0x4002_3C14, optionControl & ~3),
      (0x4002_3C14, optionControl & ~3 | 2),
    ] as [(UInt32, UInt32)] {
      try link.writeWord(value, at: address)
    }
    link.clock.wait(for: .seconds(2))
    try link.close()
    try directory.write(name, simulation.saveState())
  }
}

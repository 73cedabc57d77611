import ArgumentParser

/// The command line: arguments in, rendered results and exit codes out.
@main
struct Stflash: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stflash",
    abstract: "Programs STM32F2 and STM32F4 chips through ST-LINK probes, real or simulated."
  )
}

import ArgumentParser

/// How a program that `sim run` runs gets at the probes.
struct CarrierOption: ParsableArguments {
  @Option(help: ArgumentHelp("How the program gets at the probes: fuse or umockdev.", valueName: "carrier"))
  var carrier: Carrier?

  /// A way to the probes.
  enum Carrier: String, ExpressibleByArgument, CaseIterable {
    case fuse
    case umockdev
  }
}

import SimProbe

/// What the values of options can be that no declaration lists: simulated things, and probes that are plugged in.
struct CompletionValues {
  /// A value with what it is.
  struct Candidate: Equatable {
    var text: String
    var meaning: String
  }

  /// The probes on USB.
  let bus: any ProbeBus

  /// The values of an option; nil for an option that takes what nobody can list.
  func candidates(for option: String) -> [Candidate]? {
    switch option {
    case "--sim": targets(prefix: "")
    case "--against": targets(prefix: "sim:")
    case "--chip": chips(prefix: "")
    case "--sim-fault": Simulation.faults.map { Candidate(text: $0.name, meaning: $0.broken) }
    case "--sim-probe": probeProfiles
    case "--sim-boot": BootMemory.allCases.map { Candidate(text: $0.rawValue, meaning: "") }
    case "--serial": probes
    default: nil
    }
  }

  private func targets(prefix: String) -> [Candidate] {
    Simulation.boards.map { Candidate(text: prefix + $0.name, meaning: $0.product) } + chips(prefix: prefix)
  }

  private func chips(prefix: String) -> [Candidate] {
    Simulation.chips.flatMap { chip in chip.names.map { Candidate(text: prefix + $0, meaning: chip.family) } }
  }

  private var probeProfiles: [Candidate] { STLinkProfile.names.map { Candidate(text: $0, meaning: "") } }

  /// None where USB cannot be asked: a shell that completes is no place for the reason.
  private var probes: [Candidate] {
    let plugged = (try? bus.list()) ?? []
    return plugged.compactMap { probe in
      (probe.serial ?? probe.location).map { Candidate(text: $0, meaning: probe.name) }
    }
  }
}

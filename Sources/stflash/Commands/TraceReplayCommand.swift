import ArgumentParser
import Engine
import Failures
import LinkInterface
import SimProbe
import Trace

/// `trace replay FILE --against sim:CHIP`: a recording's host side sent to the simulator.
struct TraceReplayCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Send a recording's host side to a simulated probe and compare the answers.",
    discussion: """
      Bytes without a meaning, and readings that jitter, are not compared: what is stale in a reply, the voltage \
      (docs/trace-format.md names the rules); --strict compares them too. The exit code is 73 where answers differ.

        stflash trace replay session.pcapng --against sim:nucleo-f207zg
        stflash trace replay failure.pcapng --against sim:nucleo-f207zg --sim-fault jumpers-open
      """)

  @Argument(help: "The recording.", completion: .file())
  var file: String

  @OptionGroup(title: "Replaying") var replaying: ReplayingOptions
  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] {
    [FileUse("FILE", file, .reads)] + SimulatorOptions.boardFile(replaying.against, "--against")
      + (replaying.simState.map { [FileUse("--sim-state", $0, .reads)] } ?? [])
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.endAtOnce()
    let session = try recording.read(file, in: context).session
    let simulation = try simulation(for: session, in: context)
    let probe = simulation.probe
    let operations = DecodedSession(session).operations
    if SessionDecoder.beginsConnected(operations) { try connect(probe, in: context) }
    let replay = HostReplay(
      session, to: probe, masks: replaying.mask + (replaying.strict ? [] : VolatileBytes.all.map(MaskRule.init)),
      endpoints: session.endpoints(on: probe),
      // The probe would keep a reply that nobody reads, and answer every later command one too late.
      skipping: Set(operations.filter(\.lacksReply).flatMap(\.transfers)))
    let result = AnswersResult(session, replay.run(), probe: probe.identity, showsAll: replaying.full)
    context.reporter.report(.result(result))
    guard result.differences.isEmpty else {
      throw CommandFailure(
        FailureReport(
          .trace, "the simulation answers \(result.differences.count) of \(result.operationCount) operations otherwise")
      )
    }
  }

  /// Brings a probe into the condition in which the recording finds its own: connected to the target.
  private func connect(_ probe: any USBDevice, in context: CommandContext) throws(CommandFailure) {
    context.reporter.report(.warning("the recording begins with a probe that is connected already, so this one is too"))
    _ = try reporting { () throws(DebugError) in try Attach.run(STLink(probe: probe), mode: .hotPlug) }
  }

  private func simulation(for session: Recording, in context: CommandContext) throws(CommandFailure) -> Simulation {
    var configuration = try SimulationConfiguration(named: replaying.against, files: context.files)
    configuration.faults += replaying.simFault
    let simState = replaying.simState
    if let simState {
      configuration.state = try reporting { () throws(FileSystemError) in try context.files.read(simState) }
    }
    configuration.probeProfile = replaying.simProbe ?? session.simulatedProbeName ?? configuration.probeProfile
    do throws(SimulationError) {
      return try Simulation(configuration)
    } catch .unknownProbe where replaying.simProbe == nil {
      context.reporter.report(
        .warning("the simulator has no probe like the recorded one; the target's usual one answers"))
      configuration.probeProfile = nil
    } catch {
      throw CommandFailure(error.failureReport(stateFile: simState))
    }
    do throws(SimulationError) {
      return try Simulation(configuration)
    } catch {
      throw CommandFailure(error.failureReport(stateFile: simState))
    }
  }
}

extension MaskRule {
  /// The rule for bytes of replies that are not to be compared.
  init(_ bytes: VolatileBytes) {
    self.init(bytes.name, .repliesTo(prefix: bytes.command), bytes: bytes.bytes)
  }
}

extension Recording {
  /// The recorded probe as `--sim-probe` names it; nil where the recording does not tell.
  fileprivate var simulatedProbeName: String? {
    let transfers = exchanges.map(ObservedTransfer.init)
    guard let probe = ObservedProbe(transfers) ?? ObservedProbe(byEndpointsOf: transfers), let product = probe.product
    else { return nil }
    let name: String
    switch product.generation {
    case .v2: name = "v2"
    case .v21: name = "v2-1"
    case .v3: name = "v3"
    case .v1, .v3Power: return nil
    }
    return probe.firmware.map { "\(name):\($0)" } ?? name
  }

  /// A probe's endpoints by those of the recorded one.
  fileprivate func endpoints(on probe: any USBDevice) -> [Endpoint: Endpoint] {
    let recorded = (identity ?? presumedIdentity).flatMap {
      STLinkProduct(vendorID: $0.vendorID, productID: $0.productID)
    }
    let own = STLinkProduct(vendorID: probe.identity.vendorID, productID: probe.identity.productID)
    guard let from = recorded?.endpoints, let to = own?.endpoints else { return [:] }
    var map = [from.output: to.output, from.input: to.input]
    if let trace = from.trace { map[trace] = to.trace }
    return map
  }
}

import ArgumentParser
import Engine
import LinkServer
import SimProbe

/// Simulated probes with their targets, one or several, for other programs.
struct SimulatorsOptions: ParsableArguments {
  @OptionGroup(title: "Simulator") var targets: Targets
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var recording: ServedRecordingOptions

  /// What is simulated.
  struct Targets: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "A simulated board or chip ('stflash sim list'), or a file NAME.board that describes one; repeat it for several "
          + "probes on one bus.",
        valueName: "target"))
    var sim: [String] = []

    @Option(
      help: ArgumentHelp(
        "The simulated probe ('stflash sim list'): once for all, or once for each --sim.", valueName: "probe"))
    var simProbe: [String] = []

    @Flag(
      help: ArgumentHelp(
        "Plug the board's own USB in instead of the probe: the chip's ROM bootloader, with --sim-boot system, or what the "
          + "firmware is, with --chip-usb. Without this both are there."))
    var dfu = false

    @Option(
      help: ArgumentHelp(
        "Keep what the simulated chip holds in this file; once for each --sim, in the same order.", valueName: "file"),
      completion: .file())
    var simState: [String] = []
  }

  private var sim: [String] { targets.sim }

  func validate() throws {
    if sim.isEmpty {
      throw ValidationError("Say what to simulate with --sim TARGET; 'stflash sim list' shows the choices.")
    }
    if targets.simProbe.count > 1 && targets.simProbe.count != sim.count {
      throw ValidationError("Give --sim-probe once for all, or once for each --sim.")
    }
    if targets.dfu && world.simBoot != .system && !world.chipUsb {
      throw ValidationError("--dfu needs --sim-boot system, which starts the chip's ROM bootloader.")
    }
    if targets.simState.count > sim.count {
      throw ValidationError("There are more --sim-state than --sim.")
    }
    if !world.simTty.isEmpty && sim.count > 1 {
      throw ValidationError("--sim-tty connects a serial port of one chip: give one --sim.")
    }
    if recording.record.count > sim.count {
      throw ValidationError("There are more --record than --sim.")
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] {
    sim.flatMap { SimulatorOptions.boardFile($0, "--sim") }
      + targets.simState.map { FileUse("--sim-state", $0, .updates) }
      + recording.record.map { FileUse("--record", $0, .writes) }
  }

  /// Sets up the simulations, as carriers take them.
  ///
  /// - Parameters:
  ///   - forKernel: whether a kernel will bind its own drivers to them.
  ///   - hasSerialPort: whether somebody is at a serial port, beside those that options name.
  func served(
    in context: CommandContext, forKernel: Bool = false, hasSerialPort: Bool = false
  ) throws(CommandFailure) -> ServedBenches {
    var served = ServedBenches()
    for (index, target) in sim.enumerated() {
      let bench = try bench(target, at: index, in: context)
      var one = ServedBenches.Served(
        bench: bench, log: ClientLog(bench.simulation, target: target, reporter: context.reporter))
      if !targets.dfu {
        let port = bench.simulation.makeUSBPort(hidesDisk: forKernel)
        one.probe = ServedDevice(
          try watched(port, of: &one, target, at: index, in: context), name: target, pace: pace)
      }
      if !hasSerialPort, let socket = bootloaderSocket(of: bench) {
        one.socket = ServedDevice(
          targets.dfu
            ? try watched(socket, of: &one, target, at: index, in: context)
            : WatchedVirtualDevice(socket, tellsClassRequests: true, observer: one.log.take),
          name: "\(target)'s bootloader", kind: "DFU device", beside: one.probe, pace: pace)
      } else if targets.dfu, !world.chipUsb {
        try bench.finish()
        throw CommandFailure(DFUDescription.missing)
      }
      if world.chipUsb { try plugChipUSB(into: &one, target, at: index, in: context) }
      served.add(one)
    }
    return served
  }

  /// Plugs a cable into the chip's own USB, and tells where no device shows itself.
  private func plugChipUSB(
    into served: inout ServedBenches.Served, _ target: String, at index: Int, in context: CommandContext
  ) throws(CommandFailure) {
    guard let socket = served.bench.simulation.chipUSB else {
      try served.bench.finish()
      throw .usage(Self.noUSB(target))
    }
    var device: any VirtualDevice = socket
    // What the host asks while it enumerates belongs to the recording.
    if recording.record.indices.contains(index) {
      device = try recorded(socket, of: &served, target, at: index, in: context)
    }
    socket.plugHostIn(for: Self.enumerationTime)
    if let absence = socket.absence { context.reporter.report(.warning(absence.sentence(for: target))) }
    served.chipUSB = ServedDevice(
      device, name: "\(target)'s own USB", kind: "USB device", beside: served.probe, pace: pace)
  }

  /// That a chip has no USB.
  static func noUSB(_ target: String) -> String { "\(target) has no USB of its own that is simulated (OTG FS)" }

  /// How long a device is waited for: a host takes a quarter of a second, what is left is the firmware's.
  private static let enumerationTime = Duration.seconds(2)

  private var pace: ServingPace { world.simPace == .realtime ? .realTime : .fast }

  /// The board's own USB socket where the chip's bootloader shows itself there: a board that boots from system memory and
  /// has nothing at its serial ports, which the ROM would choose instead.
  private func bootloaderSocket(of bench: SimulatedBench) -> (any VirtualDevice)? {
    world.simBoot == .system && world.simTty.isEmpty ? bench.simulation.makeUSBSocket() : nil
  }

  /// A device with log and recorder around it.
  private func watched(
    _ device: any VirtualDevice, of served: inout ServedBenches.Served, _ target: String, at index: Int,
    in context: CommandContext
  ) throws(CommandFailure) -> any VirtualDevice {
    var device = device
    // With a cable in the chip's own USB it is that cable which is recorded.
    if recording.record.indices.contains(index), !world.chipUsb {
      device = try recorded(device, of: &served, target, at: index, in: context)
    }
    return WatchedVirtualDevice(device, tellsClassRequests: targets.dfu, observer: served.log.take)
  }

  private func recorded(
    _ device: any VirtualDevice, of served: inout ServedBenches.Served, _ target: String, at index: Int,
    in context: CommandContext
  ) throws(CommandFailure) -> any VirtualDevice {
    let recorded = try RecordedVirtualDevice(
      device, target: served.bench.simulatedTarget ?? target, to: recording.record[index],
      isRedacted: recording.recordRedact, in: context)
    served.recorder = recorded
    return recorded
  }

  private func bench(
    _ target: String, at index: Int, in context: CommandContext
  ) throws(CommandFailure) -> SimulatedBench {
    var configuration = try SimulationConfiguration(named: target, files: context.files)
    let probe = targets.simProbe.count == sim.count ? targets.simProbe[index] : targets.simProbe.first
    configuration.probeProfile = probe ?? configuration.probeProfile
    configuration.probeNumber = UInt8(truncatingIfNeeded: index)
    world.apply(to: &configuration)
    let state = targets.simState.indices.contains(index) ? targets.simState[index] : nil
    let bench = try SimulatedBench(configuration, stateFile: state, in: context)
    try world.observe(bench, in: context, named: sim.count > 1 ? target : nil)
    return bench
  }
}

import ArgumentParser
import Basics
import Engine
import Failures
import LinkInterface
import Links
import SimProbe
import Trace

/// What a command with a target behind a probe was told of both.
struct SessionChoices {
  let probe: ProbeOptions
  let target: TargetOptions
  let simulator: SimulatorOptions
  let world: SimulatedWorldOptions
  let trace: TraceOptions

  /// Refuses what makes no sense together.
  func validate() throws {
    try simulator.validate(with: world)
    if simulator.sim != nil && probe.serial != nil {
      throw ValidationError("--sim and --serial exclude each other: a simulated probe is on no bus.")
    }
    if let port = probe.port {
      if port == SessionChoices.simulatedPort, simulator.sim == nil {
        throw ValidationError("--port sim needs --sim TARGET.")
      }
      if port != SessionChoices.simulatedPort, simulator.sim != nil {
        throw ValidationError("--sim has a port of its own: --port sim.")
      }
    }
    if trace.replay != nil && (simulator.sim != nil || probe.serial != nil || probe.port != nil) {
      throw ValidationError("--replay excludes --sim, --serial and --port: what is recorded answers.")
    }
    if probe.detach, simulator.sim != nil || trace.replay != nil {
      throw ValidationError("--detach is for a device on USB: what --sim and --replay have is in its bootloader.")
    }
    if trace.replay == nil && probe.port == nil {
      if probe.baud != nil { throw ValidationError("--baud needs --port.") }
      if probe.bootSequence != nil { throw ValidationError("--boot-sequence needs --port.") }
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] { simulator.fileUses + trace.fileUses }

  /// What a simulated board that starts its flash needs for a bootloader to answer.
  private static let bootloaderRemedy: Advice = "Let the simulated board start its bootloader: --sim-boot system"
  /// The name of the port that leads to the simulated chip.
  static let simulatedPort = "sim"
  /// The baud rate where nothing is said: the highest for which AN2606 gives figures.
  private static let usualBaudRate = 115_200

  /// Opens what leads to the chip, with log and recorder in front of it where they are asked for.
  func openLink(in context: CommandContext) throws(CommandFailure) -> any OpenedLink {
    if probe.dfu { return try openDFU(in: context) }
    if let line = try openPort(in: context) { return line }
    let opened = try openProbe(in: context)
    // What a recording is of, it says itself.
    return trace.replay != nil && opened.probe.identity.isOfROM ? OpenedDFUDevice(opened: opened) : opened
  }

  /// Opens the chosen chip's bootloader on USB, with log and recorder in front of it where they are asked for.
  func openDFU(in context: CommandContext) throws(CommandFailure) -> OpenedDFUDevice {
    OpenedDFUDevice(opened: try trace.decorating(try chosenDFU(in: context), in: context))
  }

  private func chosenDFU(in context: CommandContext) throws(CommandFailure) -> any OpenedProbe {
    if let file = trace.replay {
      return try ReplayedProbe(file, trace.replayMode, masks: trace.replayMask, in: context)
    }
    guard let bench = try simulator.bench(in: world, context) else {
      return PluggedOpenedProbe(probe: try awaitDFU(in: context))
    }
    let device =
      world.chipUsb
      ? bench.simulation.openChipUSB(within: probe.wait ?? .zero)
      : bench.simulation.openBoardUSB(within: probe.wait ?? .zero)
    guard let device else {
      try bench.finish()
      var failure = CommandFailure(DFUDescription.missing)
      if world.chipUsb, let name = simulator.sim {
        // What a bootloader in ROM needs does not matter here.
        let absence = bench.simulation.chipUSB.map { $0.absence?.sentence(for: name) } ?? SimulatorsOptions.noUSB(name)
        failure.report = FailureReport(
          failure.report.category, failure.report.summary, evidence: [absence].compactMap(\.self))
      } else if !world.startsBootloader {
        failure.report.remedies.insert(Self.bootloaderRemedy, at: 0)
      }
      throw failure
    }
    return SimulatedBoardUSB(bench: bench, probe: device)
  }

  /// Opens the chosen device in DFU mode if it speaks plain DFU, without addresses; nil for ST's bootloaders.
  func openPlainDFU(in context: CommandContext) throws(CommandFailure) -> OpenedDFUDevice? {
    guard probe.dfu, try mayBePlain(in: context) else { return nil }
    let opened = try openDFU(in: context)
    let device = opened.opened.probe
    do throws(CommandFailure) {
      let isPlain = try reporting { () throws(SessionError) in
        device.identity.isOfROM ? false : try PlainDFUDevice.isPlain(device)
      }
      if isPlain { return opened }
    } catch {
      device.close()
      throw error
    }
    device.close()
    try opened.finish()
    return nil
  }

  /// Whether the device that is meant may be another one than ST's bootloaders: nobody has to be asked then.
  private func mayBePlain(in context: CommandContext) throws(CommandFailure) -> Bool {
    if let file = trace.replay {
      return try !ReplayedProbe(file, .lenient, masks: [], in: context).probe.identity.isOfROM
    }
    if simulator.sim != nil { return world.chipUsb }
    if probe.detach { return true }
    let rom = Hexadecimal.usbIDs(vendorID: DFUDescription.romVendorID, productID: DFUDescription.romProductID)
    return try context.bus.listDFU().contains { $0.usbID != rom }
  }

  /// Opens the bootloader on USB that is plugged in, as soon as one is there where the user waits for it.
  private func awaitDFU(in context: CommandContext) throws(CommandFailure) -> any USBDevice {
    if probe.detach, let device = try DFUDetachment(selector: probe.serial, context: context).open() { return device }
    do throws(CommandFailure) {
      return try awaitDFUMode(in: context)
    } catch {
      var failure = error
      if error.report.category == .noProbe, let program = try context.bus.listDFURuntimes().first {
        let name = [program.location, program.usbID].compactMap(\.self).joined(separator: ", ")
        failure.report.remedies.insert("Ask the program of \(name) for its bootloader: --dfu --detach", at: 0)
      }
      throw failure
    }
  }

  private func awaitDFUMode(in context: CommandContext) throws(CommandFailure) -> any USBDevice {
    let clock = MonotonicClock()
    let deadline = clock.deadline(after: probe.wait ?? .zero)
    var isTold = false
    while true {
      do throws(CommandFailure) {
        // A device that has made way may have another serial than its program.
        let others = probe.detach ? try context.bus.listDFU() : []
        return try context.bus.openDFU(matching: others.count == 1 ? nil : probe.serial)
      } catch {
        guard error.report.category == .noProbe, !clock.hasPassed(deadline), !context.interruption.isRequested else {
          throw error
        }
      }
      if !isTold {
        context.reporter.report(
          .warning("no chip is in DFU mode yet; waiting: set BOOT0 high, BOOT1 (PB2) low, and press reset"))
      }
      isTold = true
      clock.wait(for: .milliseconds(200))
    }
  }

  /// Opens the chosen port, with log and recorder in front of it where they are asked for; nil where the chip is not
  /// reached by a serial line.
  func openPort(in context: CommandContext) throws(CommandFailure) -> OpenedSerialLine? {
    try chosenPort(in: context)?.decorated(by: trace, in: context)
  }

  private func chosenPort(in context: CommandContext) throws(CommandFailure) -> OpenedSerialLine? {
    let baudRate = probe.baud ?? Self.usualBaudRate
    if let file = trace.replay {
      let reader = RecordingReader(files: context.files, reporter: context.reporter)
      guard let recording = try reader.readSerial(file) else { return nil }
      let replay = ReplayedSerialLine(recording, path: file, in: context)
      return OpenedSerialLine(
        replay.line, RecordedPins(), to: .replayed(replay),
        baudRate: probe.baud ?? recording.settings?.baudRate ?? baudRate,
        sequence: probe.bootSequence)
    }
    guard let port = probe.port else { return nil }
    if let bench = try simulator.bench(in: world, context) {
      return OpenedSerialLine(
        bench.simulation.makeSerialLine(), bench.simulation.makeHostPins(),
        to: .simulated(bench, silentBecause: world.startsBootloader ? nil : Self.bootloaderRemedy), baudRate: baudRate,
        sequence: probe.bootSequence)
    }
    return OpenedSerialLine(
      try context.bus.openPort(port), context.bus.makePins(), to: .port, baudRate: baudRate,
      sequence: probe.bootSequence)
  }

  /// Opens the chosen probe, with log and recorder in front of it where they are asked for.
  func openProbe(in context: CommandContext) throws(CommandFailure) -> any OpenedProbe {
    try trace.decorating(try chosenProbe(in: context), in: context)
  }

  /// The recorded probe or the simulated one if there is one, else that on USB.
  private func chosenProbe(in context: CommandContext) throws(CommandFailure) -> any OpenedProbe {
    if let file = trace.replay {
      return try ReplayedProbe(file, trace.replayMode, masks: trace.replayMask, in: context)
    }
    if let bench = try simulator.bench(in: world, context) { return bench }
    return PluggedOpenedProbe(probe: try context.bus.open(matching: probe.serial))
  }

  /// The options for the engine; `usualMode` is how to reach the target where the user does not say.
  func sessionOptions(
    _ width: WidthOptions?, usualMode: AttachMode, surveysFlash: Bool, interruption: Interruption
  ) throws(CommandFailure) -> SessionOptions {
    SessionOptions(
      attachMode: probe.connect?.attachMode ?? usualMode, patience: probe.wait ?? .zero, clock: probe.clock,
      device: try target.override(),
      parallelism: width?.width?.parallelism,
      hasProgrammingVoltage: width?.vpp ?? false, millivolts: target.voltage,
      usesLoader: !(width?.noLoader ?? false), surveysFlash: surveysFlash, interruption: interruption)
  }
}

extension USBIdentity {
  /// Whether it is a chip in its ROM bootloader.
  fileprivate var isOfROM: Bool {
    vendorID == DFUDescription.romVendorID && productID == DFUDescription.romProductID
  }
}

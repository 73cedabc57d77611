import Engine
import LinkInterface

/// A chip's bootloader on USB that a command has got hold of, with log and recorder in front of it where they are asked for.
struct OpenedDFUDevice: OpenedLink {
  /// The device.
  let opened: any OpenedProbe

  var clock: any LinkClock { opened.clock }
  var isSimulated: Bool { opened.isSimulated }
  var simulatedTarget: String? { opened.simulatedTarget }

  func makeTarget(_ options: SessionOptions, observer: @escaping FlashObserver) -> any ProgrammableTarget {
    BootloaderTarget(dfu: opened.probe, options: options, observer: observer)
  }

  func diagnose(_ options: SessionOptions, observer: @escaping Diagnosis.Observer) -> DiagnosisReport {
    BootloaderDiagnosis(dfu: opened.probe, options: options, observer: observer).run()
  }

  func note(_ key: String, _ value: String) { opened.note(key, value) }

  func explained(_ failure: CommandFailure) -> CommandFailure { opened.explained(failure) }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { opened.runFirmware(interruption) }

  func finish() throws(CommandFailure) { try opened.finish() }
}

/// What shows itself at the board's own USB socket of a simulated bench.
struct SimulatedBoardUSB: OpenedProbe {
  let bench: SimulatedBench
  let probe: any USBDevice

  var isSimulated: Bool { true }
  var simulatedTarget: String? { bench.simulatedTarget }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { bench.runFirmware(interruption) }

  func finish() throws(CommandFailure) { try bench.finish() }
}

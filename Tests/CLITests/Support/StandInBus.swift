import Engine
import Failures
import LinkInterface

@testable import stflash

/// Probes that a test plugs in.
struct StandInBus: ProbeBus {
  /// What is listed.
  var probes: [PluggedProbe] = []
  /// What opening gives; a failure unless a test puts a probe here.
  var opening: (String?) throws(CommandFailure) -> any USBDevice = { _ throws(CommandFailure) in
    throw CommandFailure(FailureReport(.noProbe, "no probe that can debug is plugged in"))
  }

  /// What is in DFU mode, and what opening one gives.
  var dfuDevices: [PluggedProbe] = []
  var openingDFU: (String?) throws(CommandFailure) -> any USBDevice = { _ throws(CommandFailure) in
    throw CommandFailure(DFUDescription.missing)
  }

  /// What has a program with a DFU interface, and what opening one gives.
  var dfuRuntimes: () -> [PluggedProbe] = { [] }
  var openingDFURuntime: (String?) throws(CommandFailure) -> any USBDevice = { _ throws(CommandFailure) in
    throw CommandFailure(FailureReport(.noProbe, "no device whose program has a DFU interface is plugged in"))
  }

  func listDFURuntimes() throws(CommandFailure) -> [PluggedProbe] { dfuRuntimes() }

  func openDFURuntime(matching selector: String?) throws(CommandFailure) -> any USBDevice {
    try openingDFURuntime(selector)
  }

  func listDFU() throws(CommandFailure) -> [PluggedProbe] { dfuDevices }

  func openDFU(matching selector: String?) throws(CommandFailure) -> any USBDevice { try openingDFU(selector) }

  func list() throws(CommandFailure) -> [PluggedProbe] { probes }

  func open(matching selector: String?) throws(CommandFailure) -> any USBDevice { try opening(selector) }
}

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

  func listDFU() throws(CommandFailure) -> [PluggedProbe] { dfuDevices }

  func openDFU(matching selector: String?) throws(CommandFailure) -> any USBDevice { try openingDFU(selector) }

  func list() throws(CommandFailure) -> [PluggedProbe] { probes }

  func open(matching selector: String?) throws(CommandFailure) -> any USBDevice { try opening(selector) }
}

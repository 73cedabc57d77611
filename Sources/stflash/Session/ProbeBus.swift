import Engine
import Failures
import LinkInterface
import Links

/// The probes that are plugged in, as the commands see them; a test puts its own in place of USB.
protocol ProbeBus {
  /// Lists the probes without touching any target.
  func list() throws(CommandFailure) -> [PluggedProbe]

  /// Opens one probe; nil for the only one there is.
  func open(matching selector: String?) throws(CommandFailure) -> any USBDevice

  /// Lists the chips' bootloaders on USB.
  func listDFU() throws(CommandFailure) -> [PluggedProbe]

  /// Opens a chip's bootloader on USB; nil for the only one there is.
  func openDFU(matching selector: String?) throws(CommandFailure) -> any USBDevice

  /// Lists the devices whose program has a DFU interface.
  func listDFURuntimes() throws(CommandFailure) -> [PluggedProbe]

  /// Opens a device whose program has a DFU interface; nil for the only one there is.
  func openDFURuntime(matching selector: String?) throws(CommandFailure) -> any USBDevice

  /// Lists the serial adapters.
  func listPorts() -> [SerialPortLister.Port]

  /// The serial port that a USB device has beside its other functions; nil for none.
  func comPort(of device: USBLocation) -> SerialPortLister.Port?

  /// Opens a serial port.
  func openPort(_ path: String) throws(CommandFailure) -> any SerialLine

  /// The pins of this computer.
  func makePins() -> any HostPins
}

extension ProbeBus {
  func listPorts() -> [SerialPortLister.Port] { [] }

  func comPort(of device: USBLocation) -> SerialPortLister.Port? { nil }

  func openDFU(matching selector: String?) throws(CommandFailure) -> any USBDevice {
    do throws(USBProbeError) {
      return try USBProbeLister.open(of: .dfuDevices, matching: selector)
    } catch {
      throw CommandFailure(error.report(of: USBCatalogue.dfuDevices.words))
    }
  }

  func listDFU() throws(CommandFailure) -> [PluggedProbe] { [] }

  func listDFURuntimes() throws(CommandFailure) -> [PluggedProbe] { [] }

  func openDFURuntime(matching selector: String?) throws(CommandFailure) -> any USBDevice {
    do throws(USBProbeError) {
      return try USBProbeLister.open(of: .dfuRuntimes, matching: selector)
    } catch {
      throw CommandFailure(error.report(of: USBCatalogue.dfuRuntimes.words))
    }
  }

  func openPort(_ path: String) throws(CommandFailure) -> any SerialLine {
    try reporting { () throws(SerialError) in try SerialPortFile(path) }
  }

  func makePins() -> any HostPins { SystemPins() }
}

/// A probe as a listing shows it.
struct PluggedProbe: Equatable {
  /// The product's name.
  var name: String
  /// The USB ids as `lsusb` writes them.
  var usbID: String
  /// The serial; nil where it could not be read.
  var serial: String?
  /// The place on the bus; nil for a simulated probe.
  var location: String?
  /// What stands in the way of using it; nil when nothing does.
  var obstacle: String?
  /// Whether it is a simulated one.
  var isSimulated = false
}

/// The probes on USB.
struct USBProbeBus: ProbeBus {
  func list() throws(CommandFailure) -> [PluggedProbe] {
    do throws(USBProbeError) {
      return try USBProbeLister.list(of: .stLinks).map(PluggedProbe.init)
    } catch {
      throw CommandFailure(error)
    }
  }

  func listDFU() throws(CommandFailure) -> [PluggedProbe] {
    do throws(USBProbeError) {
      return try USBProbeLister.list(of: .dfuDevices).map(PluggedProbe.init)
    } catch {
      throw CommandFailure(error.report(of: USBCatalogue.dfuDevices.words))
    }
  }

  func listDFURuntimes() throws(CommandFailure) -> [PluggedProbe] {
    do throws(USBProbeError) {
      return try USBProbeLister.list(of: .dfuRuntimes).map(PluggedProbe.init)
    } catch {
      throw CommandFailure(error.report(of: USBCatalogue.dfuRuntimes.words))
    }
  }

  func listPorts() -> [SerialPortLister.Port] { SerialPortLister.list() }

  func comPort(of device: USBLocation) -> SerialPortLister.Port? {
    SerialPortLister.list().first { $0.device == device.busAndAddress }
  }

  func open(matching selector: String?) throws(CommandFailure) -> any USBDevice {
    do throws(USBProbeError) {
      return try USBProbeLister.open(of: .stLinks, matching: selector)
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension PluggedProbe {
  /// Takes over a listing of the USB backend.
  init(_ listing: ProbeListing) {
    name = listing.product.name
    usbID = listing.product.usbID
    serial = listing.identity.serial?.text
    location = listing.identity.location.path
    obstacle =
      switch listing.access {
      case .free: nil
      case .inUse: "in use by another program"
      case .denied: "no permission"
      case .failed(let error): "cannot be opened: \(error.text)"
      }
  }
}

extension PluggedProbe {
  /// Takes over what a simulated or a recorded probe says of itself.
  init(standIn opened: any OpenedProbe) {
    let identity = opened.probe.identity
    let product = [USBCatalogue.stLinks, .dfuDevices].lazy.compactMap {
      $0.product(vendorID: identity.vendorID, productID: identity.productID)
    }.first
    name = product?.name ?? identity.product ?? "unknown"
    usbID = product?.usbID ?? ""
    serial = identity.serial?.text
    isSimulated = opened.isSimulated
    location = isSimulated ? nil : identity.location.path
  }
}

extension USBLocation {
  /// Bus and address, as a serial port's device is listed.
  fileprivate var busAndAddress: SerialPortLister.BusAndAddress {
    SerialPortLister.BusAndAddress(bus: Int(bus), address: Int(address))
  }
}

import Engine
import Failures
import LinkInterface
import Links

extension USBCatalogue {
  /// ST's bootloaders on USB, and whatever else is in DFU mode.
  static let dfuDevices = USBCatalogue(
    products: [
      USBProduct(
        vendorID: DFUDescription.romVendorID, productID: DFUDescription.romProductID, name: "STM32 bootloader (DFU)",
        function: USBFunction(interface: 0, configuration: 1, answers: []))
    ],
    neighbours: [
      "0483:5740": Neighbour(
        meaning: "an STM32 that runs its program, a virtual serial port",
        remedy: "Set BOOT0 high and press reset: the chip runs its program now")
    ],
    stranger: Neighbour(meaning: "made by ST, but not in DFU mode"), interfaceClass: DFUDescription.interfaceClass,
    classedName: "DFU device",
    words: USBDeviceWords(
      one: "DFU device", several: "DFU devices", usable: "device in DFU mode", missing: .dfuMissing, denied: .dfuDenied,
      claimed: .dfuClaimed, unplugged: .dfuUnplugged, wedged: .dfuStuck, plugIn: nil,
      holders: "dfu-util, STM32CubeProgrammer, a browser page that flashes, another run of this program"))

  /// Devices whose program has a DFU interface beside its own.
  static let dfuRuntimes = USBCatalogue(
    products: [], neighbours: [:], stranger: Neighbour(meaning: "a device without a DFU interface"),
    interfaceClass: DFUDescription.runtimeInterfaceClass, classedName: "program with a DFU interface",
    words: USBDeviceWords(
      one: "device", several: "devices", usable: "device whose program has a DFU interface",
      missing: .dfuRuntimeMissing,
      denied: .dfuDenied, claimed: .dfuClaimed, unplugged: .dfuUnplugged, wedged: .dfuStuck, plugIn: nil,
      holders: "dfu-util, another run of this program"))
}

import Engine
import LinkInterface
import Links

extension USBCatalogue {
  /// ST's bootloaders on USB.
  static let dfuDevices = USBCatalogue(
    products: [
      USBProduct(
        vendorID: 0x0483, productID: 0xDF11, name: "STM32 bootloader (DFU)",
        function: USBFunction(interface: 0, configuration: 1, answers: []))
    ],
    neighbours: [:], stranger: Neighbour(meaning: "made by ST, but not in DFU mode"))
}

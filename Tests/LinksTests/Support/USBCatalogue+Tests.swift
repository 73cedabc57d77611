import Failures
import LinkInterface
import Links

extension USBFunction {
  /// A function like that of a probe.
  static let probe = USBFunction(interface: 0, configuration: 1, answers: [.input(1)])
}

extension USBCatalogue {
  /// Two probes, two that cannot be used, and a neighbour.
  static let test = USBCatalogue(
    products: [
      product(0x3744, "ST-LINK/V1", obstacle: .init(explanation: "speaks SCSI", remedy: "Use a newer one")),
      product(0x374B, "ST-LINK/V2-1"),
      product(0x374D, "STLINK-V3 loader", obstacle: .init(explanation: "is in its bootloader", remedy: .replug)),
      product(0x374E, "STLINK-V3E"),
    ],
    neighbours: [
      "0483:df11": Neighbour(meaning: "an STM32 in its USB bootloader (DFU)", remedy: "Connect the probe")
    ],
    stranger: Neighbour(meaning: "made by ST, but no ST-LINK"))

  private static func product(
    _ productID: UInt16, _ name: String, obstacle: USBProduct.Obstacle? = nil
  ) -> USBProduct {
    USBProduct(vendorID: 0x0483, productID: productID, name: name, function: .probe, obstacle: obstacle)
  }
}

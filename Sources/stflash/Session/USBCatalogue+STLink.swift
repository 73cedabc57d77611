import Engine
import Failures
import Links

extension USBCatalogue {
  /// Every ST-LINK, and what else of ST's may be plugged in instead.
  static let stLinks = USBCatalogue(
    products: STLinkProduct.all.map { product in
      USBProduct(
        vendorID: STLinkProduct.vendorID, productID: product.productID, name: product.name, function: product.function,
        obstacle: product.obstacle.map { USBProduct.Obstacle(explanation: $0.explanation, remedy: $0.remedy) })
    },
    neighbours: [
      "0483:df11": Neighbour(
        meaning: "an STM32 in its USB bootloader (DFU)",
        remedy:
          "A chip in its USB bootloader is no probe: work by its bootloader\(with: .useUSBBootloader), or connect the board's ST-LINK connector"
      ),
      "0483:5740": Neighbour(meaning: "an STM32 that is a virtual serial port"),
    ],
    stranger: Neighbour(meaning: "made by ST, but no ST-LINK"))
}

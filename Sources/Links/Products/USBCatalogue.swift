package import Failures

/// The devices that a driver above this module can talk to, and what else of their makers' tells why there is none.
package struct USBCatalogue: Sendable {
  /// A device that is none of them.
  package struct Neighbour: Sendable, Equatable {
    /// What it is, in words.
    package var meaning: String
    /// What to do where it is there instead.
    package var remedy: Advice?

    /// Makes a neighbour.
    package init(meaning: String, remedy: Advice? = nil) {
      self.meaning = meaning
      self.remedy = remedy
    }
  }

  /// Every product, by rising ids.
  package let products: [USBProduct]
  /// Other devices by their ids as `lsusb` writes them.
  package let neighbours: [String: Neighbour]
  /// What any other device of these makers is.
  package let stranger: Neighbour

  /// Makes a catalogue.
  package init(products: [USBProduct], neighbours: [String: Neighbour], stranger: Neighbour) {
    self.products = products
    self.neighbours = neighbours
    self.stranger = stranger
  }

  /// The product with these ids; nil for another device.
  package func product(vendorID: UInt16, productID: UInt16) -> USBProduct? {
    products.first { $0.vendorID == vendorID && $0.productID == productID }
  }

  /// Whether a maker has products here.
  func knows(vendorID: UInt16) -> Bool { products.contains { $0.vendorID == vendorID } }
}

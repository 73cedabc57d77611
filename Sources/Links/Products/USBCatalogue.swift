package import Failures
import LinkInterface

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

  /// What makes any other device one of them: an interface of this class, subclass and protocol; nil where only ids count.
  let interfaceClass: [UInt8]?
  /// What such a device is called.
  let classedName: String
  /// What the devices are called in failures.
  package let words: USBDeviceWords

  /// Makes a catalogue.
  package init(
    products: [USBProduct], neighbours: [String: Neighbour], stranger: Neighbour, interfaceClass: [UInt8]? = nil,
    classedName: String = "", words: USBDeviceWords = .probe
  ) {
    self.products = products
    self.neighbours = neighbours
    self.stranger = stranger
    self.interfaceClass = interfaceClass
    self.classedName = classedName
    self.words = words
  }

  /// The product that a device is: by its ids, else by what it can do.
  func product(of device: LibUSBDevice) -> USBProduct? {
    if let product = product(vendorID: device.vendorID, productID: device.productID) { return product }
    guard let interfaceClass, let interface = device.interfaces.first(where: { $0.classBytes == interfaceClass }) else {
      return nil
    }
    return USBProduct(
      vendorID: device.vendorID, productID: device.productID, name: classedName,
      function: USBFunction(interface: interface.number, configuration: 1, answers: []))
  }

  /// The product with these ids; nil for another device.
  package func product(vendorID: UInt16, productID: UInt16) -> USBProduct? {
    products.first { $0.vendorID == vendorID && $0.productID == productID }
  }

  /// Whether a maker has products here.
  func knows(vendorID: UInt16) -> Bool { products.contains { $0.vendorID == vendorID } }
}

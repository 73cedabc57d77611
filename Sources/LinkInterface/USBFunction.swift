/// What a driver opens of a USB device: the part of it that the driver talks to.
public struct USBFunction: Sendable, Hashable {
  /// bInterfaceNumber of the interface that is claimed; the others stay with the system's own drivers.
  public var interface: UInt8
  /// bConfigurationValue that a device gets which has none.
  public var configuration: UInt8
  /// The IN endpoints on which a program that was killed may have left an answer: they are emptied before the first batch.
  public var answers: [Endpoint]

  /// Makes a function.
  public init(interface: UInt8, configuration: UInt8, answers: [Endpoint]) {
    self.interface = interface
    self.configuration = configuration
    self.answers = answers
  }
}

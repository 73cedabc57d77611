import Failures
public import LinkInterface

/// A program that has a DFU interface beside its own, by which it makes way for its bootloader (USB DFU 1.1, 5.1).
public struct DFURuntime {
  private let device: any USBDevice

  /// How long a device is given that says nothing of it.
  private static let usualTime: Duration = .seconds(1)

  /// Makes one of an open device.
  public init(_ device: any USBDevice) {
    self.device = device
  }

  /// Asks the program to make way.
  ///
  /// The device leaves the bus then, and comes back as another one at the same place: this one is of no use any more.
  ///
  /// - Throws: `SessionError` where the device has no such interface, is in DFU mode already, or refuses.
  public func detach() throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      let connection = try DFUConnection(device)
      let interface = connection.interface
      guard !interface.isInDFUMode else { throw .dfu(.notRuntime, during: DFURequest.detach.name) }
      do throws(DebugError) {
        try connection.detach(within: interface.detachTime ?? Self.usualTime)
      } catch {
        // Some are gone before they have acknowledged it.
        guard error.isOfADepartedDevice else { throw error }
        return
      }
      guard interface.abilities?.contains(.willDetach) != true else { return }
      do throws(LinkError) {
        try device.reset()
      } catch {
        // It has come back as something else, which is not this device's to open.
        guard error.reason != .closed else { throw .transport(error, during: "resetting the device") }
      }
    }
  }
}

import LinkInterface

/// An open device, with or without the claim of its interface; closed when the last owner lets go.
final class DeviceConnection {
  /// A step on the way to a claimed device that failed.
  struct StepFailure: Error, Equatable {
    /// The libusb call.
    var call: String
    var error: USBCallError
  }

  let library: any USBLibrary
  let handle: HandleReference
  /// The device stays in the library's care for as long as it is open.
  private let device: DeviceReference
  private let function: USBFunction
  private var isOpen = true
  private var isClaimed = false

  /// Opens a device without claiming anything.
  init(
    opening device: LibUSBDevice, for function: USBFunction, with library: any USBLibrary
  ) throws(StepFailure) {
    self.library = library
    self.function = function
    self.device = device.reference
    do {
      handle = try library.open(device.reference)
    } catch {
      throw StepFailure(call: "libusb_open", error: error)
    }
  }

  deinit {
    close()
  }

  /// Claims the interface, taking it from a kernel driver where one is bound.
  ///
  /// The configuration is left alone: setting it again would reset the serial port and the mass storage beside. Only a
  /// device that has none gets its first.
  func claim() throws(StepFailure) {
    try step("libusb_get_configuration") { () throws(USBCallError) in
      guard try library.configuration(of: handle) == 0 else { return }
      try library.setConfiguration(Int32(function.configuration), on: handle)
    }
    try step("libusb_set_auto_detach_kernel_driver") { () throws(USBCallError) in
      do throws(USBCallError) {
        try library.detachKernelDriverOnClaim(on: handle)
      } catch {
        // Systems whose drivers cannot be detached have none bound to this interface.
        guard error == .notSupported else { throw error }
      }
    }
    try step("libusb_claim_interface") { () throws(USBCallError) in
      try library.claim(interface: interface, on: handle)
    }
    isClaimed = true
  }

  /// Whether another program has claimed the interface.
  ///
  /// Claims it for a moment where no kernel driver is bound, which puts nothing on the bus.
  func isHeldByAnother() throws(StepFailure) -> Bool {
    do {
      if try library.hasKernelDriver(handle, interface: interface) { return false }
    } catch {
      // A system that cannot tell has no drivers to bind; the claim below decides.
      guard error == .notSupported || error == .notFound else {
        throw StepFailure(call: "libusb_kernel_driver_active", error: error)
      }
    }
    do {
      try library.claim(interface: interface, on: handle)
      isClaimed = true
    } catch .busy {
      return true
    } catch {
      throw StepFailure(call: "libusb_claim_interface", error: error)
    }
    release()
    return false
  }

  /// Releases the claim and closes the device.
  ///
  /// May be called twice.
  func close() {
    guard isOpen else { return }
    release()
    library.close(handle)
    isOpen = false
  }

  private var interface: Int32 { Int32(function.interface) }

  private func release() {
    guard isClaimed else { return }
    // Fails only for a device that is gone, and then there is nothing to release.
    try? library.release(interface: interface, on: handle)
    isClaimed = false
  }

  private func step(_ call: String, _ body: () throws(USBCallError) -> Void) throws(StepFailure) {
    do {
      try body()
    } catch {
      throw StepFailure(call: call, error: error)
    }
  }
}

import LinkInterface

/// The few calls of libusb that this module is built on, so that a test can stand in for the library.
///
/// Each function is one libusb call, or a fill and an allocation that always go together. Nothing here retries, waits or
/// decides. One thread uses a library at a time, the one that performs the transfers; it handles the events too.
protocol USBLibrary: AnyObject {
  /// Every device on every bus, from descriptors alone: nothing is opened.
  func devices() throws(USBCallError) -> [LibUSBDevice]

  /// Opens a device.
  func open(_ device: DeviceReference) throws(USBCallError) -> HandleReference
  /// Closes a handle. Transfers still pending on it are never reported afterwards.
  func close(_ handle: HandleReference)

  /// The value of the active configuration, 0 for none.
  func configuration(of handle: HandleReference) throws(USBCallError) -> Int32
  /// Sends SET_CONFIGURATION.
  func setConfiguration(_ value: Int32, on handle: HandleReference) throws(USBCallError)
  /// Has kernel drivers detached by a claim and attached again by the release.
  func detachKernelDriverOnClaim(on handle: HandleReference) throws(USBCallError)
  /// Whether a driver of the kernel's (not another program) is bound to an interface.
  func hasKernelDriver(_ handle: HandleReference, interface: Int32) throws(USBCallError) -> Bool
  /// Claims an interface for this handle alone.
  func claim(interface: Int32, on handle: HandleReference) throws(USBCallError)
  /// Releases a claimed interface.
  func release(interface: Int32, on handle: HandleReference) throws(USBCallError)
  /// Sends CLEAR_FEATURE(ENDPOINT_HALT) and resets the host's data toggle.
  func clearHalt(_ endpoint: Endpoint, on handle: HandleReference) throws(USBCallError)
  /// Resets the device's port; `notFound` when the device has come back as another one.
  func reset(_ handle: HandleReference) throws(USBCallError)

  /// Prepares a transfer with a buffer of its own and no time limit.
  func allocate(_ transfer: Transfer, on handle: HandleReference) throws(USBCallError) -> TransferReference
  /// Queues a prepared transfer.
  func submit(_ transfer: TransferReference) throws(USBCallError)
  /// Asks for a queued transfer to be given back; `notFound` when it has finished already.
  func cancel(_ transfer: TransferReference) throws(USBCallError)
  /// How a submitted transfer ended; nil while the library still owns it.
  func completion(of transfer: TransferReference) -> TransferCompletion?
  /// Frees a transfer that is not pending, and its buffer.
  func free(_ transfer: TransferReference)

  /// Lets completions be reported, for at most `limit`; returns early when something happened or `transfer` has finished.
  func handleEvents(for limit: Duration, until transfer: TransferReference) throws(USBCallError)
}

/// What is known of a device before it is opened.
struct LibUSBDevice {
  let reference: DeviceReference
  let vendorID: UInt16
  let productID: UInt16
  /// bcdDevice.
  let release: UInt16
  /// iManufacturer, iProduct and iSerialNumber; 0 for a string that the device has not.
  let strings: (manufacturer: UInt8, product: UInt8, serial: UInt8)
  let speed: USBSpeed
  let location: USBLocation
  /// The interfaces of its active configuration; empty where it cannot be had without opening it.
  var interfaces: [USBInterfaceClass] = []
}

/// What an interface is for (USB 2.0, table 9-12).
struct USBInterfaceClass: Equatable {
  /// bInterfaceNumber.
  let number: UInt8
  /// bInterfaceClass, bInterfaceSubClass and bInterfaceProtocol.
  let classBytes: [UInt8]
}

/// A counted reference to a device of the library's list, given back when the last owner lets go.
final class DeviceReference {
  let pointer: OpaquePointer
  private let giveBack: (OpaquePointer) -> Void

  /// Takes over one reference; `giveBack` must keep the library alive.
  init(_ pointer: OpaquePointer, giveBack: @escaping (OpaquePointer) -> Void) {
    self.pointer = pointer
    self.giveBack = giveBack
  }

  deinit {
    giveBack(pointer)
  }
}

/// An open device, owned by whoever opened it.
struct HandleReference: Hashable {
  let pointer: OpaquePointer
}

/// A prepared transfer, owned by whoever allocated it, and by the library too while it is pending.
struct TransferReference: Hashable {
  let pointer: OpaquePointer
}

/// How a transfer ended.
struct TransferCompletion: Equatable {
  /// libusb's transfer statuses.
  enum Status: Equatable {
    case completed
    case failed
    case timedOut
    case cancelled
    case stall
    case noDevice
    case overflow
    /// A status that this module does not know.
    case unknown(UInt32)
  }

  var status: Status
  /// The bytes that moved, without a setup packet.
  var byteCount: Int
  /// What came in; empty for transfers that go out.
  var data: [UInt8]
}

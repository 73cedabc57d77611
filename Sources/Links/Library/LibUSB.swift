#if USB
import CLibUSB
import LinkInterface

/// The real libusb-1.0 with a context of its own; needs 1.0.24, uses nothing newer.
final class LibUSB: USBLibrary {
  private let context: OpaquePointer

  /// Initialises the library.
  init() throws(USBCallError) {
    var context: OpaquePointer?
    try LibUSB.check(libusb_init(&context))
    guard let context else { throw .other }
    self.context = context
  }

  deinit {
    libusb_exit(context)
  }

  /// The version of the library that is loaded.
  static var version: String {
    guard let version = libusb_get_version()?.pointee else { return "of an unknown version" }
    return "\(version.major).\(version.minor).\(version.micro)"
  }

  /// Throws for a return value below zero and hands any other on.
  @discardableResult
  private static func check(_ result: Int32) throws(USBCallError) -> Int32 {
    guard result >= 0 else { throw USBCallError(rawValue: result) }
    return result
  }

  // MARK: Devices

  func devices() throws(USBCallError) -> [LibUSBDevice] {
    var list: UnsafeMutablePointer<OpaquePointer?>?
    let count = libusb_get_device_list(context, &list)
    guard count >= 0 else { throw USBCallError(rawValue: Int32(truncatingIfNeeded: count)) }
    defer { libusb_free_device_list(list, 1) }
    return (0..<count).compactMap { index in list?[index].flatMap(describe) }
  }

  /// Takes a reference of its own to a device of the list; nil when its descriptor cannot be had.
  private func describe(_ device: OpaquePointer) -> LibUSBDevice? {
    var descriptor = libusb_device_descriptor()
    guard libusb_get_device_descriptor(device, &descriptor) == 0 else { return nil }
    let reference = DeviceReference(libusb_ref_device(device)) { [self] pointer in
      // The context must outlive its devices.
      withExtendedLifetime(self) { libusb_unref_device(pointer) }
    }
    return LibUSBDevice(
      reference: reference,
      vendorID: descriptor.idVendor, productID: descriptor.idProduct, release: descriptor.bcdDevice,
      strings: (descriptor.iManufacturer, descriptor.iProduct, descriptor.iSerialNumber),
      speed: LibUSB.speed(of: device), location: LibUSB.location(of: device), interfaces: LibUSB.interfaces(of: device))
  }

  /// The first alternate setting of each interface of the active configuration.
  private static func interfaces(of device: OpaquePointer) -> [USBInterfaceClass] {
    var configuration: UnsafeMutablePointer<libusb_config_descriptor>?
    guard libusb_get_active_config_descriptor(device, &configuration) == 0, let configuration else { return [] }
    defer { libusb_free_config_descriptor(configuration) }
    return (0..<Int(configuration.pointee.bNumInterfaces)).compactMap { index in
      let interface = configuration.pointee.interface[index]
      guard interface.num_altsetting > 0, let first = interface.altsetting?.pointee else { return nil }
      return USBInterfaceClass(
        number: first.bInterfaceNumber,
        classBytes: [first.bInterfaceClass, first.bInterfaceSubClass, first.bInterfaceProtocol])
    }
  }

  private static func location(of device: OpaquePointer) -> USBLocation {
    // USB 3.0, section 8.9: at most seven tiers below the root.
    var ports = [UInt8](repeating: 0, count: 7)
    let count = libusb_get_port_numbers(device, &ports, Int32(ports.count))
    return USBLocation(
      bus: libusb_get_bus_number(device), address: libusb_get_device_address(device),
      ports: Array(ports.prefix(max(0, Int(count)))))
  }

  private static func speed(of device: OpaquePointer) -> USBSpeed {
    switch libusb_get_device_speed(device) {
    case 1: .low
    case 2: .full
    case 3: .high
    case 4...: .superSpeed
    default: .unknown
    }
  }

  func open(_ device: DeviceReference) throws(USBCallError) -> HandleReference {
    var handle: OpaquePointer?
    try LibUSB.check(libusb_open(device.pointer, &handle))
    guard let handle else { throw .other }
    return HandleReference(pointer: handle)
  }

  func close(_ handle: HandleReference) {
    libusb_close(handle.pointer)
  }

  // MARK: Interfaces

  func configuration(of handle: HandleReference) throws(USBCallError) -> Int32 {
    var value: Int32 = 0
    try LibUSB.check(libusb_get_configuration(handle.pointer, &value))
    return value
  }

  func setConfiguration(_ value: Int32, on handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_set_configuration(handle.pointer, value))
  }

  func detachKernelDriverOnClaim(on handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_set_auto_detach_kernel_driver(handle.pointer, 1))
  }

  func hasKernelDriver(_ handle: HandleReference, interface: Int32) throws(USBCallError) -> Bool {
    try LibUSB.check(libusb_kernel_driver_active(handle.pointer, interface)) == 1
  }

  func claim(interface: Int32, on handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_claim_interface(handle.pointer, interface))
  }

  func release(interface: Int32, on handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_release_interface(handle.pointer, interface))
  }

  func clearHalt(_ endpoint: Endpoint, on handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_clear_halt(handle.pointer, endpoint.rawValue))
  }

  func reset(_ handle: HandleReference) throws(USBCallError) {
    try LibUSB.check(libusb_reset_device(handle.pointer))
  }

  // MARK: Transfers

  func allocate(_ transfer: Transfer, on handle: HandleReference) throws(USBCallError) -> TransferReference {
    let layout = BufferLayout(transfer)
    guard let count = Int32(exactly: layout.byteCount), let allocated = libusb_alloc_transfer(0) else {
      throw .noMemory
    }
    // The library writes no more than `length`; one byte keeps an empty transfer's buffer a valid one.
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, layout.byteCount))
    buffer.initialize(repeating: 0, count: max(1, layout.byteCount))
    layout.outgoing.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { buffer.update(from: start, count: bytes.count) }
    }
    let isFinished = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    isFinished.initialize(to: 0)

    allocated.pointee.dev_handle = handle.pointer
    allocated.pointee.endpoint = layout.endpoint.rawValue
    allocated.pointee.type = layout.isControl ? BufferLayout.controlType : BufferLayout.bulkType
    allocated.pointee.timeout = 0
    allocated.pointee.buffer = buffer
    allocated.pointee.length = count
    allocated.pointee.user_data = UnsafeMutableRawPointer(isFinished)
    allocated.pointee.callback = { transfer in
      transfer?.pointee.user_data.assumingMemoryBound(to: Int32.self).pointee = 1
    }
    return TransferReference(pointer: OpaquePointer(allocated))
  }

  func submit(_ transfer: TransferReference) throws(USBCallError) {
    try LibUSB.check(libusb_submit_transfer(LibUSB.raw(transfer)))
  }

  func cancel(_ transfer: TransferReference) throws(USBCallError) {
    try LibUSB.check(libusb_cancel_transfer(LibUSB.raw(transfer)))
  }

  func completion(of transfer: TransferReference) -> TransferCompletion? {
    let raw = LibUSB.raw(transfer).pointee
    guard LibUSB.finishedFlag(of: transfer).pointee != 0 else { return nil }
    let isControl = raw.type == BufferLayout.controlType
    let first = isControl ? BufferLayout.setupByteCount : 0
    // A control transfer's direction is in its setup packet, any other's in its endpoint.
    let isInput = (isControl ? raw.buffer[0] : raw.endpoint) & 0x80 != 0
    let count = Int(raw.actual_length)
    let data = isInput ? Array(UnsafeBufferPointer(start: raw.buffer + first, count: count)) : []
    return TransferCompletion(status: LibUSB.status(raw.status.rawValue), byteCount: count, data: data)
  }

  func free(_ transfer: TransferReference) {
    let raw = LibUSB.raw(transfer)
    LibUSB.finishedFlag(of: transfer).deallocate()
    raw.pointee.buffer.deallocate()
    libusb_free_transfer(raw)
  }

  func handleEvents(for limit: Duration, until transfer: TransferReference) throws(USBCallError) {
    let parts = limit.components
    var time = timeval()
    time.tv_sec = .init(parts.seconds)
    // Rounded up, so that the last fraction of a microsecond is waited for and not spun through.
    time.tv_usec = .init(min(999_999, (parts.attoseconds + 999_999_999_999) / 1_000_000_000_000))
    let isFinished = LibUSB.finishedFlag(of: transfer)
    try LibUSB.check(libusb_handle_events_timeout_completed(context, &time, isFinished))
  }

  private static func raw(_ transfer: TransferReference) -> UnsafeMutablePointer<libusb_transfer> {
    UnsafeMutablePointer(transfer.pointer)
  }

  /// The word that the completion callback sets to 1; it lives and dies with the transfer.
  private static func finishedFlag(of transfer: TransferReference) -> UnsafeMutablePointer<Int32> {
    raw(transfer).pointee.user_data.assumingMemoryBound(to: Int32.self)
  }

  /// `enum libusb_transfer_status`.
  private static func status(_ value: UInt32) -> TransferCompletion.Status {
    switch value {
    case 0: .completed
    case 1: .failed
    case 2: .timedOut
    case 3: .cancelled
    case 4: .stall
    case 5: .noDevice
    case 6: .overflow
    default: .unknown(value)
    }
  }
}
#endif

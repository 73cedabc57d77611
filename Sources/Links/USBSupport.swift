/// Real USB devices through libusb-1.0: what this build can do.
///
/// The module has the same interface with and without the package trait `USB`. Without it nothing needs libusb, and
/// whatever would need it throws `USBProbeError.unsupported`.
package enum USBSupport {
  /// Whether this build was made with libusb.
  package static var isAvailable: Bool {
    #if USB
    true
    #else
    false
    #endif
  }

  /// The library at run time with its version; a build without USB says so.
  package static var libraryVersion: String {
    #if USB
    "libusb \(LibUSB.version)"
    #else
    "built without USB"
    #endif
  }

  /// A library with a context of its own.
  static func makeLibrary() throws(USBProbeError) -> any USBLibrary {
    #if USB
    do {
      return try LibUSB()
    } catch {
      throw .libraryFailed(call: "libusb_init", error)
    }
    #else
    throw .unsupported
    #endif
  }
}

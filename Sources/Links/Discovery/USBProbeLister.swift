/// The ST-LINKs that are plugged into this computer.
package enum USBProbeLister {
  /// Lists every ST-LINK, ordered by its place on the bus.
  ///
  /// Kinds and places come from descriptors alone. For the serial each probe is opened where the system allows it, and
  /// not claimed; one that cannot be opened is listed with the reason. Nothing is sent to a probe's firmware, and no
  /// target is touched.
  ///
  /// - Throws: `USBProbeError.unsupported` or `.libraryFailed`.
  package static func list() throws(USBProbeError) -> [ProbeListing] {
    try makeFinder().list()
  }

  /// Opens and claims one ST-LINK.
  ///
  /// - Parameter selector: any part of a serial, a USB path ("1-4.2") or bus and address ("1:7"); nil for the only probe.
  /// - Throws: `USBProbeError`, with what is plugged in where the choice was the trouble.
  package static func open(matching selector: String? = nil) throws(USBProbeError) -> LibUSBProbe {
    try makeFinder().open(matching: selector)
  }

  private static func makeFinder() throws(USBProbeError) -> ProbeFinder {
    ProbeFinder(library: try USBSupport.makeLibrary(), clock: MonotonicClock())
  }
}

/// The probes that are plugged into this computer.
package enum USBProbeLister {
  /// Lists every device of a catalogue, ordered by its place on the bus.
  ///
  /// Kinds and places come from descriptors alone. For the serial each probe is opened where the system allows it, and
  /// not claimed; one that cannot be opened is listed with the reason. Nothing is sent to a probe's firmware, and no
  /// target is touched.
  ///
  /// - Throws: `USBProbeError.unsupported` or `.libraryFailed`.
  package static func list(of catalogue: USBCatalogue) throws(USBProbeError) -> [ProbeListing] {
    try makeFinder(catalogue).list()
  }

  /// Opens and claims one of them.
  ///
  /// - Parameters:
  ///   - catalogue: the devices that may be meant.
  ///   - selector: any part of a serial, a USB path ("1-4.2") or bus and address ("1:7"); nil for the only probe.
  /// - Throws: `USBProbeError`, with what is plugged in where the choice was the trouble.
  package static func open(
    of catalogue: USBCatalogue, matching selector: String? = nil
  ) throws(USBProbeError) -> ClaimedUSBDevice {
    try makeFinder(catalogue).open(matching: selector)
  }

  private static func makeFinder(_ catalogue: USBCatalogue) throws(USBProbeError) -> ProbeFinder {
    ProbeFinder(catalogue: catalogue, library: try USBSupport.makeLibrary(), clock: MonotonicClock())
  }
}

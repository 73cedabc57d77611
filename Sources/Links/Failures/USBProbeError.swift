/// Why there is no probe to work with.
package enum USBProbeError: Error, Sendable, Equatable {
  /// This build has no USB support.
  case unsupported
  /// libusb itself could not do its work.
  case libraryFailed(call: String, USBCallError)
  /// No usable probe is plugged in.
  ///
  /// `unusable` are those that cannot debug as they are, `foreign` their makers' other devices; `isBusVisible` is false where
  /// the system shows no USB bus at all, as in most containers.
  case noProbe(unusable: [ProbeListing], foreign: [ForeignDevice], isBusVisible: Bool)
  /// No probe answers to what the user said; these are the ones that are there.
  case noMatch(selector: String, [ProbeListing])
  /// More than one probe, and no choice.
  case severalProbes([ProbeListing])
  /// What the user said fits more than one probe.
  case ambiguous(selector: String, [ProbeListing])
  /// The chosen probe cannot debug as it is: a V1, or a probe in its own bootloader.
  case unusable(ProbeListing)
  /// The operating system does not let this user open the probe.
  case denied(ProbeListing)
  /// Another program has claimed the probe; these have its device file open, as far as that can be seen.
  case inUse(ProbeListing, holders: [DeviceHolder])
  /// The probe was there a moment ago.
  case gone(ProbeListing)
  /// A step on the way to a claimed probe failed.
  case openFailed(ProbeListing, call: String, USBCallError)
}

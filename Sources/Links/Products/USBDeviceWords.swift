package import Failures

/// What the devices of a catalogue are called where something is wrong with them, and what is behind it.
package struct USBDeviceWords: Sendable, Equatable {
  /// One of them: "probe".
  var one: String
  /// Several of them.
  var several: String
  /// One that can be used, as in "no probe that can debug is plugged in".
  var usable: String
  /// None is there.
  var missing: FailureCause
  /// The system denies access.
  var denied: FailureCause
  /// Another program holds it.
  var claimed: FailureCause
  /// It has gone.
  var unplugged: FailureCause
  /// It is in a bad state.
  var wedged: FailureCause
  /// What to do where none is there; nil where the cause says it all.
  var plugIn: Advice?
  /// What programs may hold one.
  var holders: String

  /// Makes words.
  package init(
    one: String, several: String, usable: String, missing: FailureCause, denied: FailureCause, claimed: FailureCause,
    unplugged: FailureCause, wedged: FailureCause, plugIn: Advice?, holders: String
  ) {
    self.one = one
    self.several = several
    self.usable = usable
    self.missing = missing
    self.denied = denied
    self.claimed = claimed
    self.unplugged = unplugged
    self.wedged = wedged
    self.plugIn = plugIn
    self.holders = holders
  }

  /// A probe.
  package static let probe = USBDeviceWords(
    one: "probe", several: "probes", usable: "probe that can debug", missing: .probeMissing, denied: .probeDenied,
    claimed: .probeClaimed, unplugged: .probeUnplugged, wedged: .probeWedged,
    plugIn: "Plug the probe in with a cable that carries data; its LED should light up",
    holders: "a debug server (openocd, st-util, pyocd), an IDE's debug session, a programmer")
}

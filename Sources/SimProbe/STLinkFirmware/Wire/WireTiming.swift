/// What the probe's work on the wire costs, in nanoseconds (docs/simulated-probe.md, "Time").
struct WireTiming: Equatable {
  /// The SWD clock in kHz.
  let kilohertz: UInt32
  /// One whole SWD packet: 46 bits (request, turnarounds, acknowledge, data, parity) and the pause after it.
  let packet: UInt64
  /// A packet that was refused with WAIT or FAULT: 13 bits, and the pause before the next try.
  let refusal: UInt64
  /// The 122 bits of a line reset, a switch sequence and another line reset, halved: one call of either.
  let resetSequence: UInt64
  /// What one byte of a data phase costs beside the SWD packets: the firmware moves it before or after them.
  let dataByte: UInt64
  /// The pause after each USB packet of an OUT data phase.
  let dataPacketPause: UInt64

  /// Handling one command, whatever it does (docs/simulated-probe.md, "Time").
  static let command: UInt64 = 20_000
  /// DFU_EXIT: the firmware starts (0.5 to 9 ms were recorded).
  static let leaveDFU: UInt64 = 1_000_000
  /// The NRST pulse of DRIVE_NRST 2; its true length is not known.
  static let resetPulse: UInt64 = 20_000_000

  /// The timing of a firmware at an SWD clock.
  init(_ version: ProbeVersion, kilohertz: UInt32) {
    self.kilohertz = kilohertz
    let isV3 = version.generation >= 3
    let clock = UInt64(max(1, kilohertz))
    let isBanked = FirmwareTraits(of: version).blockMethod == .bankedData
    // Picoseconds a bit. The bits of a V2 are longer than the nominal clock says: it makes them by software.
    let bit: UInt64
    if isV3 {
      bit = 1_000_000_000 / clock
    } else if isBanked {
      bit = 1_440_000_000 / clock
    } else {
      bit = WireTiming.measuredBits[kilohertz] ?? 1_370_000_000 / clock
    }
    packet = 46 * bit / 1000 + (isBanked ? 1900 : 0)
    refusal = 13 * bit / 1000 + 1000
    resetSequence = 53 * bit / 1000
    dataByte = isBanked ? 0 : isV3 ? 500 : 1000
    dataPacketPause = isBanked ? 137_000 : 0
  }

  /// Picoseconds a bit of V2 firmware from J28 on, at the clocks at which it was measured.
  private static let measuredBits: [UInt32: UInt64] = [4000: 420_000, 1800: 700_000, 950: 1_180_000]
}

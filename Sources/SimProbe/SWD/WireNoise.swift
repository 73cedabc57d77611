/// Wires that change bits on their way: too long, loose, or driven faster than the chip can follow.
final class WireNoise {
  /// How many of a million bits arrive wrong.
  enum Law {
    /// So many at 1 MHz, in proportion to the clock.
    case perMegahertz(Int)
    /// None up to a clock in kHz, and one in fifty beyond it.
    case above(kilohertz: Int)

    func errorsPerMillion(at kilohertz: UInt32) -> UInt64 {
      switch self {
      case .perMegahertz(let rate): UInt64(rate) * UInt64(kilohertz) / 1000
      case .above(let limit): kilohertz > limit ? 20_000 : 0
      }
    }
  }

  private let law: Law
  private var random: ChipRandom

  /// The bits of one packet (ADIv5.2, B4.2): 8 of request, a turnaround, 3 of acknowledge, 32 of data and their parity,
  /// and a turnaround; the last bit is idle.
  private static let bitCount = 46
  private static let request = 0..<8
  private static let acknowledge = 9..<12
  private static let data = 12..<45

  init(_ law: Law, seed: UInt64) {
    self.law = law
    random = ChipRandom(seed: seed ^ 0x0153_0153)
  }

  /// Carries a packet to the target and its answer back.
  ///
  /// A damaged request is ignored by the target, a damaged acknowledge means nothing to the probe, and one parity bit
  /// guards the data: an even number of wrong bits passes unnoticed.
  func carry(_ packet: SWDPacket, at kilohertz: UInt32, to target: (SWDPacket) -> SWDAnswer) -> SWDAnswer {
    let threshold = UInt64.max / 1_000_000 * law.errorsPerMillion(at: kilohertz)
    let wrong = (0..<WireNoise.bitCount).filter { _ in random.next() < threshold }
    guard !wrong.isEmpty else { return target(packet) }
    guard !wrong.contains(where: WireNoise.request.contains) else { return .silence }
    let places = wrong.filter(WireNoise.data.contains).map { UInt32($0 - WireNoise.data.lowerBound) }
    // The last place is the parity bit.
    let mask = places.filter { $0 < 32 }.reduce(0 as UInt32) { $0 | 1 << $1 }
    var sent = packet
    if let word = packet.writeData {
      sent.writeData = word ^ mask
      sent.hasWrongParity = places.count % 2 == 1
    }
    let answer = target(sent)
    guard !wrong.contains(where: WireNoise.acknowledge.contains) else { return .silence }
    guard packet.writeData == nil, case .ok(let word) = answer else { return answer }
    return places.count % 2 == 1 ? .parityError(word ^ mask) : .ok(word ^ mask)
  }
}

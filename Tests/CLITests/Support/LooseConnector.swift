@testable import SimProbe

/// An SWD connector that comes loose after a number of packets: from then on nobody answers.
final class LooseConnector: TargetConnector {
  private let connector: any TargetConnector
  private var packetsLeft: Int

  init(_ connector: any TargetConnector, looseAfter packets: Int) {
    self.connector = connector
    packetsLeft = packets
  }

  func transfer(_ packet: SWDPacket) -> SWDAnswer {
    packetsLeft -= 1
    return packetsLeft < 0 ? .silence : connector.transfer(packet)
  }

  func lineReset() {
    if packetsLeft >= 0 { connector.lineReset() }
  }

  func switchSequence(_ bits: UInt16) {
    if packetsLeft >= 0 { connector.switchSequence(bits) }
  }

  func driveReset(low: Bool) {
    if packetsLeft >= 0 { connector.driveReset(low: low) }
  }

  var referenceMillivolts: Int { packetsLeft < 0 ? 0 : connector.referenceMillivolts }
}

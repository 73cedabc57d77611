import Failures
import Testing

@testable import Engine

@Suite struct FailureCauseTests {
  @Test(arguments: FailureCause.allCases)
  func `every cause has words and a remedy`(cause: FailureCause) {
    #expect(cause.title != cause.rawValue)
    #expect(!cause.title.hasSuffix("."))
    #expect(!cause.remedies.isEmpty)
    for line in [cause.title] + cause.remedies.map(\.text) + [cause.check ?? "-"] {
      #expect(!line.isEmpty && line.count < 140, "\(line)")
    }
  }

  @Test func `no two causes have the same words or the same first remedy and check`() {
    #expect(Set(FailureCause.allCases.map(\.title)).count == FailureCause.allCases.count)
    let advice = FailureCause.allCases.map { "\($0.remedies[0]) \($0.remedies.count) \($0.check ?? $0.title)" }
    #expect(Set(advice).count == FailureCause.allCases.count)
  }

  @Test func `an identifier is lower case with hyphens, for programs to rely on`() {
    for cause in FailureCause.allCases {
      #expect(cause.rawValue.allSatisfy { $0 == "-" || $0.isLowercase && $0.isASCII }, "\(cause.rawValue)")
    }
  }

  private func silence(
    millivolts: Int? = 3300, onBoard: Bool = false, triedReset: Bool = true, line: ResetLineFinding = .notTested
  ) -> [FailureCause] {
    ConnectionEvidence(
      symptom: .silent, millivolts: millivolts, isProbeOnBoard: onBoard, hasTriedReset: triedReset, resetLine: line
    ).causes
  }

  @Test func `a silent wire is jumpers on a board with its own probe, and wires elsewhere`() {
    #expect(silence(onBoard: true).first == .jumpersOpen)
    #expect(silence(onBoard: false).first == .badCable)
  }

  @Test func `a voltage that no chip runs at is the supply, whatever the board`() {
    #expect(silence(millivolts: 0, onBoard: true).first == .targetUnpowered)
    #expect(silence(millivolts: 1200).first == .targetUnpowered)
    #expect(silence(millivolts: 1700).first == .supplyLow)
    #expect(silence(millivolts: nil).first == .badCable)
  }

  @Test func `a program is ruled out by a reset that has reached the chip, and by nothing less`() {
    #expect(!silence(line: .wired).contains(.pinsReused))
    #expect(silence(line: .notWired).contains(.pinsReused))
    #expect(silence(triedReset: false).contains(.sleeps))
  }

  @Test func `a core that stays in reset is held there`() {
    let failure = AttachFailure(
      requestedMode: .automatic, steps: [],
      cause: .targetTimeout(waitingFor: "the core to halt", limit: .seconds(1), lastValue: 0x0201_0003),
      targetMillivolts: 3300, product: STLinkProduct.all[1], resetLine: .notTested)
    #expect(failure.report.causes.first == .resetHeldLow)
    #expect(failure.report.headline.contains("most likely something holds NRST low"))
  }

  @Test(arguments: [
    (0x2400_0000 as UInt32, FailureCause.watchdogResets), (0x0E00_0000, .capacitorMissing),
    (0x1400_0000, .programDisturbs), (0x0400_0000, .resetHeldLow),
  ])
  func `a reset in the middle of an erase is named by its flags`(flags: UInt32, cause: FailureCause) {
    var error = FlashError(.chipReset(during: "erasing sector 0"))
    error.evidence.resetFlags = ResetFlags(rawValue: flags)
    #expect(error.causes.first == cause)
    #expect(error.report.evidence.contains { $0.contains("RCC_CSR") })
  }

  @Test func `a supply too low for the width comes before the capacitors`() {
    var error = FlashError(.errorBits(FlashStatus(rawValue: 0x40), during: "programming"))
    error.evidence.millivolts = 2400
    #expect(error.causes.first == .supplyLow)
    var late = FlashError(.timeout(during: "erasing", limit: .seconds(1)))
    late.lockFailure = "its lock bit stays clear"
    #expect(late.causes.first == .capacitorMissing)
    late.evidence.millivolts = 2400
    #expect(late.causes.first == .supplyLow)
    late.evidence.millivolts = 3300
    late.lockFailure = nil
    #expect(late.causes.first == .sectorWorn)
  }

  @Test func `few wrong bytes are cells, many are the supply of the core`() {
    func causes(_ count: Int, _ pattern: VerifyMismatch.LikelyCause) -> [FailureCause] {
      VerifyMismatch(
        address: 0x0800_0000, expected: 0, found: 1, differingByteCount: count, comparedByteCount: 4096,
        likelyCause: pattern
      ).causes
    }
    #expect(causes(1, .weakProgramming).first == .cellDefect)
    #expect(causes(2000, .weakProgramming).first == .capacitorMissing)
    #expect(causes(1, .notErased).first == .cellDefect)
    #expect(causes(1, .unstableReads).first == .badCable)
    #expect(causes(100, .otherContent).first == .otherContent)
  }

  @Test func `a target lost under load is the supply, one lost while reading is the wire`() {
    let lost = DebugError.status(.accessPortError, during: "READMEM32", address: nil)
    #expect(FlashError(.access(lost, during: "erasing sector 0")).causes.first == .capacitorMissing)
    #expect(FlashError(.access(lost, during: "reading 4 bytes")).causes.first == .badCable)
  }

  /// A target that was lost while a sector was erased, with something that was found afterwards.
  private func lost(_ status: STLinkStatus = .accessPortError, _ find: (inout FlashError) -> Void) -> [FailureCause] {
    var error = FlashError(
      .access(.status(status, during: "READMEM32", address: nil), during: "erasing sector 0"))
    find(&error)
    return error.causes
  }

  @Test func `what a lost target still answers tells supply, wires and a held reset apart`() {
    #expect(lost { $0.evidence.millivolts = 0 }.first == .brownOut)
    #expect(lost { $0.evidence.isSilent = true }.first == .badCable)
    #expect(lost { $0.evidence.isHeldInReset = true }.first == .resetHeldLow)
    #expect(lost { $0.evidence.hasNoisyWires = true }.first == .badCable)
    var reading = FlashError(.access(.status(.accessPortError, during: "READMEM32", address: nil), during: "reading"))
    reading.evidence.millivolts = 0
    #expect(reading.causes.first == .targetUnpowered)
  }

  @Test func `an access that an open chip refuses in mid-work was garbled on its way`() {
    let (open, closed) = (FlashOptionControl(rawValue: 0x0FFF_AAED), FlashOptionControl(rawValue: 0x0FFF_55ED))
    #expect(lost(.accessPortFault) { $0.evidence.optionControl = open }.first == .badCable)
    #expect(lost(.accessPortFault) { $0.evidence.optionControl = closed }.first == .readProtected)
  }
}

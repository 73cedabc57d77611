import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@Suite struct FailureReportTests {
  static let transports: [LinkError.Reason] = [
    .timeout, .stall, .gone, .denied, .busy, .overflow, .shortWrite(sent: 3), .closed, .divergence("byte 2"),
    .other(code: -99, text: "LIBUSB_ERROR_OTHER"),
  ]

  static let others: [DebugError] = [
    .malformedReply(during: "READMEM32", expected: 8, received: [1, 2]),
    .malformedReply(during: "GET_COM_FREQ", expected: 2, received: [1, 2]),
    .unsupported(feature: "make 16-bit accesses", firmware: "V2J14S0", since: "V2J26"),
    .probeUnusable(reason: "the probe is in its boot loader", remedy: "Unplug it"),
    .targetTimeout(waitingFor: "the core to halt", limit: .milliseconds(500), lastValue: 0x0101_0001),
    .misaligned(address: 0x0800_0002, byteCount: 4, width: .word),
    .misaligned(address: 0xFFFF_FFFC, byteCount: 8, width: .word),
    .attachFailed(noAnswer(.v21)),
    .interrupted,
  ]

  static var all: [DebugError] {
    transports.map { .transport(LinkError($0), during: "ENTER") }
      + (0...UInt8.max).map { .status(STLinkStatus(rawValue: $0), during: "READMEM32", address: 0x2000_0000) }
      + others
  }

  @Test(arguments: all)
  func `every failure names its cause and what to do about it`(error: DebugError) {
    let report = error.report
    #expect(!report.summary.isEmpty && !report.summary.hasSuffix("."))
    #expect(!report.remedies.isEmpty)
    for line in [report.summary] + report.evidence + report.remedies.map(\.text) {
      #expect(!line.isEmpty && line.count < 140, "\(line)")
      #expect(!line.contains("Optional") && !line.contains("nil"), "\(line)")
    }
  }

  @Test func `no two failures say the same`() {
    var known: [String: DebugError] = [:]
    for error in FailureReportTests.all {
      if let other = known.updateValue(error, forKey: error.report.summary) {
        Issue.record("\(error) and \(other) both say: \(error.report.summary)")
      }
    }
  }

  @Test(arguments: FailureReportTests.transports)
  func `a failed transfer says which one, and what had come in`(reason: LinkError.Reason) {
    let batch: [Transfer] = [.bulkOut(.output(2), [1, 2]), .bulkIn(.input(1), byteCount: 12)]
    let error = LinkError(reason, at: 1, of: batch, completed: [[]], partial: [7])
    #expect(error.report.evidence.contains("transfer 2 of the batch: 12 bytes from endpoint 0x81"))
    #expect(error.report.evidence.contains("received until then: 1 byte"))
  }

  @Test(arguments: [
    (LinkError.Reason.denied, FailureCategory.permission), (.gone, .probe), (.divergence(""), .trace),
  ])
  func `the class of a failed transfer decides the exit code`(reason: LinkError.Reason, category: FailureCategory) {
    #expect(LinkError(reason).report.category == category)
  }

  @Test func `a status is told by name and number, with command and address`() {
    let report = DebugError.status(.accessPortFault, during: "READMEM32", address: 0x2002_0000).report
    #expect(report.summary == "bus error in the target at 0x2002_0000")
    #expect(report.evidence == ["READMEM32 was answered with AP FAULT (0x11)"])
  }

  @Test(arguments: [STLinkStatus.accessPortError, .debugPortError])
  func `a lost target is called lost`(status: STLinkStatus) {
    let report = DebugError.status(status, during: "READMEM32", address: nil).report
    #expect(report.category == .noTarget)
    #expect(report.summary.hasPrefix("the target was lost"))
  }

  @Test func `nothing on SWD behind a Nucleo is jumpers first, then supply, with the voltage`() {
    var failure = FailureReportTests.noAnswer(.v21)
    failure.isProbeOnBoard = true
    let report = DebugError.attachFailed(failure).report
    #expect(report.category == .noTarget)
    #expect(report.headline.hasSuffix("most likely the two ST-LINK jumpers of the board are off"))
    #expect(report.summary == "cannot connect to the target: no target answers on SWD")
    #expect(report.evidence.contains("target voltage: 3.24 V"))
    #expect(report.evidence.contains("ENTER was answered with get IDCODE error (0x09)"))
    let jumpers = report.remedies[0].text
    #expect(jumpers.contains("CN2 on a Nucleo-64") && jumpers.contains("CN4 on a Nucleo-144"))
    #expect(report.remedies[1] == .connectUnderReset)
  }

  @Test func `an unpowered target is supply first`() {
    let report = DebugError.attachFailed(FailureReportTests.noAnswer(.v2, millivolts: 20)).report
    #expect(report.causes.first == .targetUnpowered)
    #expect(report.evidence.contains("target voltage: 0.02 V"))
    #expect(report.remedies.contains("Power the target: an F2 or F4 needs at least 1.8 V"))
  }

  @Test func `a probe that cannot measure says so`() {
    let report = DebugError.attachFailed(FailureReportTests.noAnswer(.v3, millivolts: nil)).report
    #expect(report.evidence.contains("target voltage: this probe cannot measure it"))
  }

  @Test func `a failure to connect never shows a chip id`() {
    for generation in STLinkGeneration.allCases {
      let report = DebugError.attachFailed(FailureReportTests.noAnswer(generation)).report
      for line in [report.summary] + report.evidence + report.remedies.map(\.text) {
        #expect(!line.lowercased().contains("chip id") && !line.contains("374"), "\(line)")
      }
    }
  }

  @Test func `an NRST that is not wired is told`() {
    var failure = FailureReportTests.noAnswer(.v2)
    failure.resetLine = .notWired
    failure.cause = .targetTimeout(waitingFor: "the core to halt", limit: .milliseconds(500), lastValue: nil)
    let report = failure.report
    #expect(report.category == .timeout)
    #expect(report.evidence.contains { $0.hasPrefix("NRST does not reach the target") })
    #expect(report.summary == "cannot connect to the target: waited in vain for the core to halt, for 500 ms")
  }

  @Test func `connecting under reset is advised where it has not been tried`() {
    let busy = DebugError.status(.debugPortWait, during: "READDEBUGREG", address: nil)
    #expect(busy.report.remedies.first == .connectUnderReset)
    var failure = FailureReportTests.noAnswer(.v2)
    failure.cause = busy
    #expect(failure.report.remedies.first == .connectUnderReset)
    failure.requestedMode = .automatic
    #expect(!failure.report.remedies.contains { $0.remedies.contains(.connectUnderReset) })
    failure.resetLine = .notWired
    #expect(failure.report.remedies.first?.text.hasPrefix("Wire NRST to the probe") == true)
  }

  private static func noAnswer(_ generation: STLinkGeneration, millivolts: Int? = 3240) -> AttachFailure {
    let product = STLinkProduct.all.first { $0.generation == generation && !$0.isLoader } ?? STLinkProduct.all[0]
    return AttachFailure(
      requestedMode: .normal,
      steps: [AttachStep(action: "connect without reset", outcome: "no target answers on SWD", hasWorked: false)],
      cause: .status(.getIDCodeError, during: "ENTER", address: nil), targetMillivolts: millivolts,
      product: product, resetLine: .notTested)
  }
}

import Basics
import Failures
import LinkInterface
import Testing

@testable import Engine

@Suite("Reports of the flash layers")
struct ReportTests {
  private static let sector = Sector(
    number: 3, bank: 1, range: 0x0800_C000..<0x0801_0000, selection: 3, protectionBit: 3)
  private static let map = SectorMap(family: .f2f4, byteCount: 64 * 1024, layout: .singleBank)
  private static let die = ChipCatalogue.dies[0]
  private static let mismatch = VerifyMismatch(
    address: 0x0800_0000, expected: 1, found: 2, differingByteCount: 1, comparedByteCount: 2, likelyCause: .blank)

  /// Option bytes of a chip with all fields.
  private static func options(_ control: UInt32) -> OptionBytes {
    OptionBytes(
      OptionLayout(die: ChipCatalogue.dies[2], flashByteCount: 1 << 20), control: FlashOptionControl(rawValue: control),
      control1: FlashOptionControl1(rawValue: 0))
  }

  private static let causes: [FlashError.Cause] = [
    .access(.transport(LinkError(.gone), during: "x"), during: "erasing"),
    .timeout(during: "erasing", limit: .seconds(1)),
    .errorBits(FlashStatus(rawValue: 0x1F2), during: "erasing"), .keysRefused, .lockRefused,
    .optionsRefused(asked: options(0)),
    .chipReset(during: "erasing"),
    .programmingVoltageNeeded, .widthTooWide(asked: .x32, limit: .x16, millivolts: 2500), .mismatch(mismatch),
    .interrupted(during: "erasing"), .checksum(0x0800_0000..<0x0800_4000, expected: 1, found: 2),
    .loaderStopped(.halted, programCounter: 0x2000_0010, faultStatus: 0x1_0000, during: "erasing"),
    .loaderStopped(.hostSilent, programCounter: nil, faultStatus: 0, during: "erasing"),
    .loaderStopped(.memoryOverwritten, programCounter: nil, faultStatus: 0, during: "erasing"),
  ]

  private static let refusals: [ProtectionRefusal] = [
    .readProtected(.level1(stored: 0), options: options(0)),
    .readProtected(.level2, options: options(0xCC00)),
    .writeProtected([sector], options: options(0)), .codeProtected([sector]),
  ]

  private static var planErrors: [PlanError] {
    var errors: [PlanError] = [
      .outsideFlash(
        [OutsidePart(range: 0x9000_0000...0x9000_0001, byteCount: 2)], flash: 0x0800_0000..<0x0801_0000,
        deviceName: "a chip"),
      .rangeOutsideFlash(0x0900_0000...0x0900_0001, flash: 0x0800_0000..<0x0801_0000, deviceName: "a chip"),
      .outsideArea(0x0900_0000...0x0900_0001, area: "RAM", range: 0x2000_0000..<0x2001_0000, deviceName: "a chip"),
      .largerThanFlash(imageByteCount: 70_000, flash: 0x0800_0000..<0x0801_0000, deviceName: "a chip"),
      .notSectorAligned(0x0800_0000..<0x0800_0001, bounds: 0x0800_0000..<0x0800_4000, sectors: [sector]),
      .emptyRange(at: 0x0800_0000), .rangeOverflow(address: .max, byteCount: 2),
      .noSuchArea("second bank", deviceName: "a chip"),
      .otherFamily(.stm32F2, deviceName: "STM32F411"),
      .flash(FlashError(.keysRefused)),
    ]
    if let map { errors.append(.noSuchSector(9, map: map)) }
    return errors + refusals.map { .protection($0) }
  }

  private static let deviceErrors: [DeviceError] = [
    .access(.interrupted), .linkFailure(register: "CPUID", value: 0, millivolts: nil),
    .unknownChip(identityCode: 1, processorID: 2), .unknownChipName("x", similar: []),
    .impossibleFlashSize(byteCount: 3, die: die), .otherLine("STM32H7", identityCode: 1, processorID: 2),
    .otherDie(asked: "STM32F429ZI", found: die, identityCode: 1),
  ]

  private static var all: [SessionError] {
    causes.map { .flash(FlashError($0)) } + planErrors.map { .plan($0) } + deviceErrors.map { .device($0) }
      + [.notOpen, .access(.interrupted)]
  }

  @Test func `every error says its cause without a full stop`() {
    for error in ReportTests.all {
      let report = error.report
      #expect(!report.summary.isEmpty)
      #expect(!report.summary.hasSuffix("."), "\(report.summary)")
      #expect(report.summary.first?.isUppercase != true || report.summary.hasPrefix("DBG"), "\(report.summary)")
    }
  }

  @Test func `whatever the user can do something about has a remedy`() {
    for error in ReportTests.all {
      switch error {
      case .notOpen, .access, .plan(.rangeOverflow), .plan(.noSuchArea), .device(.access): continue
      case .flash(let error):
        if case .interrupted = error.cause { continue }
        if case .access = error.cause { continue }
      default: break
      }
      #expect(!error.report.remedies.isEmpty, "\(error.report.summary)")
    }
  }

  @Test func `each category is the one that decides the right exit code`() {
    let categories = ReportTests.causes.map { FlashError($0).report.category }
    #expect(
      categories == [
        .probe, .timeout, .flash, .flash, .flash, .flash, .flash, .usage, .usage, .verify, .interrupted, .verify,
        .flash, .flash, .flash,
      ])
    #expect(ReportTests.refusals.allSatisfy { $0.report.category == .protected })
  }

  @Test func `the evidence names sector, address, registers and voltage`() {
    var error = FlashError(.errorBits(FlashStatus(rawValue: 0x10), during: "erasing sector 3"))
    error.evidence.sector = ReportTests.sector
    error.evidence.address = 0x0800_C010
    error.evidence.status = FlashStatus(rawValue: 0x10)
    error.evidence.control = FlashControl(rawValue: 0x8000_0002)
    error.evidence.optionControl = FlashOptionControl(rawValue: 0x0FF7_AAED)
    error.evidence.millivolts = 3291
    let evidence = error.report.evidence
    #expect(evidence.contains("sector 3 (0x0800_C000 to 0x0800_FFFF)"))
    #expect(evidence.contains("first failing address 0x0800_C010"))
    #expect(evidence.contains("FLASH_SR 0x0000_0010 [WRPERR]"))
    #expect(evidence.contains("FLASH_CR 0x8000_0002 [SER PSIZE=x8 LOCK]"))
    #expect(evidence.contains { $0.hasPrefix("FLASH_OPTCR 0x0FF7_AAED") })
    #expect(evidence.contains("target voltage 3.29 V"))
  }

  @Test(arguments: [
    (1024, "1 KiB"), (1536 * 1024, "1,536 KiB"), (2 << 20, "2 MiB"),
    (1000, "1,000 bytes"), (1, "1 byte"), (0, "0 bytes"),
  ])
  func `sizes are shown as the data sheets write them`(byteCount: Int, text: String) {
    #expect(byteCount.byteSize == text)
  }

  @Test func `what stops while planning says that nothing was touched, and calls no address failed`() {
    var stopped = FlashError(.interrupted(during: "reading"))
    stopped.evidence.address = 0x0800_4000
    let evidence = PlanError.flash(stopped).report.evidence
    #expect(evidence == ["address 0x0800_4000", "nothing was touched"])
  }
}

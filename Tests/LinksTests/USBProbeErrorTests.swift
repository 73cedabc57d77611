import Failures
import LinkInterface
import Testing

@testable import Links

/// What a user reads when there is no probe to work with.
@Suite struct USBProbeErrorTests {
  private static func listing(
    _ productID: UInt16 = 0x374B, serial: String? = "066CFF343339415043114433", _ access: ProbeAccess = .free
  ) -> ProbeListing {
    let product = USBCatalogue.test.product(vendorID: 0x0483, productID: productID) ?? USBCatalogue.test.products[1]
    return ProbeListing(
      identity: USBIdentity(
        vendorID: 0x0483, productID: productID, serial: serial.map(USBSerial.init(text:)), speed: .full,
        location: USBLocation(bus: 1, address: 7, ports: [4, 2])),
      product: product, access: access, deviceNode: "/dev/bus/usb/001/007")
  }

  private static let denied = listing(
    serial: nil, .denied(node: "/dev/bus/usb/001/007", rule: UdevRule.line(for: listing().product)))
  private static let bootloader = ForeignDevice(
    ids: "0483:df11", location: USBLocation(bus: 1, address: 9, ports: [5]),
    kind: USBCatalogue.test.neighbours["0483:df11"] ?? USBCatalogue.test.stranger)

  private static let all: [USBProbeError] = [
    .unsupported,
    .libraryFailed(call: "libusb_init", .other),
    .noProbe(unusable: [], foreign: [], isBusVisible: true),
    .noProbe(unusable: [], foreign: [], isBusVisible: false),
    .noProbe(unusable: [listing(0x3744), listing(0x374D)], foreign: [bootloader], isBusVisible: true),
    .noMatch(selector: "066D", [listing(), denied]),
    .severalProbes([listing(), listing(0x374E, serial: "003A00253038510234333935")]),
    .ambiguous(selector: "066", [listing(), listing(0x374E)]),
    .unusable(listing(0x3744)),
    .denied(denied),
    .denied(listing(.denied(node: nil, rule: ""))),
    .inUse(listing(.inUse), holders: []),
    .inUse(listing(.inUse), holders: [DeviceHolder(processID: 4_711, name: "openocd")]),
    .gone(listing()),
    .openFailed(listing(.failed(.io)), call: "libusb_open", .io),
  ]

  private static func listing(_ access: ProbeAccess) -> ProbeListing {
    listing(0x374B, access)
  }

  @Test(arguments: all)
  func `every error has a cause and a remedy, in sentences of the agreed form`(error: USBProbeError) {
    let report = error.report
    #expect(!report.summary.isEmpty)
    #expect(!report.summary.hasSuffix("."))
    #expect(!report.remedies.isEmpty)
    #expect(!(report.evidence + report.remedies.map(\.text)).contains { $0.isEmpty || $0.hasSuffix(".") })
  }

  @Test func `no permission prints the rule, where to put it and how to load it`() {
    let report = USBProbeError.denied(USBProbeErrorTests.denied).report
    #expect(report.summary == "no permission to open /dev/bus/usb/001/007")
    let text = report.remedies.map(\.text).joined(separator: "\n")
    #expect(text.contains("/etc/udev/rules.d/70-stflash.rules"))
    #expect(text.contains(#"ATTR{idProduct}=="374b""#))
    #expect(text.contains("udevadm control --reload-rules"))
  }

  @Test func `several probes are listed with serial and place`() {
    let evidence = USBProbeErrorTests.all[6].report.evidence
    #expect(
      evidence == [
        "ST-LINK/V2-1 (0483:374b) at 1-4.2, serial 066CFF343339415043114433",
        "STLINK-V3E (0483:374e) at 1-4.2, serial 003A00253038510234333935",
      ])
  }

  @Test func `a chip in its bootloader, a V1 and a loader are named where no probe is found`() {
    let evidence = USBProbeErrorTests.all[4].report.evidence
    #expect(evidence.count == 3)
    #expect(evidence[0].contains("SCSI"))
    #expect(evidence[1].contains("bootloader"))
    #expect(evidence[2] == "0483:df11 at 1-5: an STM32 in its USB bootloader (DFU)")
  }

  @Test func `a device of ST's that is not known is still named`() {
    let device = ForeignDevice(
      ids: "0483:1234", location: USBLocation(bus: 1, address: 9), kind: USBCatalogue.test.stranger)
    let error = USBProbeError.noProbe(unusable: [], foreign: [device], isBusVisible: true)
    #expect(error.report.evidence == ["0483:1234 at 1:9: made by ST, but no ST-LINK"])
  }

  @Test func `a probe in use names its holder`() {
    let error = USBProbeError.inUse(
      USBProbeErrorTests.listing(.inUse), holders: [DeviceHolder(processID: 4_711, name: "openocd")])
    #expect(error.report.evidence.contains("openocd (process 4711) has it open"))
  }

  @Test func `a listing says what stands in its way`() {
    #expect(USBProbeErrorTests.denied.summary == "ST-LINK/V2-1 (0483:374b) at 1-4.2, serial unknown, no permission")
    #expect(USBProbeErrorTests.listing(.inUse).summary.hasSuffix(", in use"))
    #expect(USBProbeErrorTests.listing(.failed(.io)).summary.hasSuffix("(LIBUSB_ERROR_IO)"))
  }

  @Test func `the three classes of failure are told apart`() {
    let categories = USBProbeErrorTests.all.map(\.report.category)
    #expect(categories.filter { $0 == .permission }.count == 2)
    #expect(categories.filter { $0 == .noProbe }.count == 6)
    #expect(categories.filter { $0 == .probe }.count == 7)
  }

  @Test(arguments: [
    (USBCallError.access, LinkError.Reason.denied), (.noDevice, .gone), (.busy, .busy), (.timeout, .timeout),
    (.overflow, .overflow), (.pipe, .stall),
    (.notSupported, .other(code: -12, text: "not supported on this system (LIBUSB_ERROR_NOT_SUPPORTED)")),
    (USBCallError(rawValue: -77), .other(code: -77, text: "unknown libusb error -77")),
  ])
  func `every code of the library has its reason`(error: USBCallError, reason: LinkError.Reason) {
    #expect(error.reason == reason)
  }
}

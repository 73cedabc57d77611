import Failures
import Testing

@testable import Engine

/// The first step of a diagnosis: where the probe hangs on USB, and how fast.
@Suite struct USBFindingTests {
  private func finding(_ probe: ModelProbe) -> DiagnosisFinding? {
    Diagnosis(probe: probe).run().findings.first
  }

  @Test func `the place on the bus is told, with the hubs in between`() {
    #expect(finding(ModelProbe()) == DiagnosisFinding(.usb, .good, "0483:3748 at 1-3, full speed"))
    #expect(finding(ModelProbe(ports: [3, 1, 4]))?.value == "0483:3748 at 1-3.1.4, full speed, behind 2 hubs")
    #expect(finding(ModelProbe(ports: [3, 1]))?.value.hasSuffix(", behind 1 hub") ?? false)
  }

  @Test func `a V3 that runs at full speed is a cable or a hub`() {
    let found = finding(ModelProbe(product: 0x374F))
    #expect(found?.outcome == .warning)
    #expect(found?.causes == [.badUSB])
  }
}

import LinkInterface
import Testing

@testable import Links

/// The real libusb and the real clock, on machines with and without devices.
@Suite struct RealLibraryTests {
  @Test(.enabled(if: USBSupport.isAvailable))
  func `listing works on any machine, with or without a USB bus`() throws {
    for listing in try USBProbeLister.list(of: .test) {
      #expect(listing.identity.vendorID == 0x0483)
    }
  }

  @Test(.enabled(if: USBSupport.isAvailable))
  func `the library can be opened and closed many times, with its devices outliving their list`() throws {
    for _ in 0..<20 {
      let library = try USBSupport.makeLibrary()
      let devices = try library.devices()
      #expect(devices.allSatisfy { $0.location.bus > 0 })
    }
  }

  @Test(.enabled(if: USBSupport.isAvailable))
  func `a choice that no probe can fit ends in a told error`() {
    let error = #expect(throws: USBProbeError.self) { try USBProbeLister.open(of: .test, matching: "no such serial") }
    switch error {
    case .noProbe, .noMatch, .denied: break
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test(.enabled(if: !USBSupport.isAvailable))
  func `a build without libusb says so`() {
    #expect(throws: USBProbeError.unsupported) { try USBProbeLister.list(of: .test) }
    #expect(throws: USBProbeError.unsupported) { try USBProbeLister.open(of: .test) }
  }

  @Test func `the clock never goes back and waits no shorter than told`() {
    let clock = MonotonicClock()
    let start = clock.now
    clock.wait(for: .milliseconds(3))
    #expect(clock.now - start >= .milliseconds(3))
    clock.wait(for: .zero)
    clock.wait(for: .milliseconds(-5))
    #expect(clock.remaining(to: Deadline(time: start)) == .zero)
  }
}

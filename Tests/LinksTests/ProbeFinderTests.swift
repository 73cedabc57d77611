import LinkInterface
import Testing

@testable import Links

/// Listing and choosing probes on a fake bus.
@Suite struct ProbeFinderTests {
  private let usb = FakeUSB()
  private let first = FakeDevice(0x374B, bus: 1, address: 7, ports: [4, 2], serial: "066CFF343339415043114433")
  private let second = FakeDevice(0x374E, bus: 2, address: 3, ports: [1], serial: "003A00253038510234333935")

  private func finder(holders: [DeviceHolder] = [], isBusVisible: Bool = true) -> ProbeFinder {
    ProbeFinder(
      catalogue: .test, library: usb, clock: usb.clock, holders: { _ in holders }, isBusVisible: { isBusVisible })
  }

  private func plug(_ devices: FakeDevice...) {
    usb.devicesOnBus = devices
  }

  private func error(_ selector: String? = nil, from finder: ProbeFinder? = nil) -> USBProbeError? {
    do {
      _ = try (finder ?? self.finder()).open(matching: selector)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Listing

  @Test func `nothing plugged in is an empty list`() throws {
    #expect(try finder().list() == [])
  }

  @Test func `the list is ordered by place, names each probe and leaves other devices out`() throws {
    let mouse = FakeDevice(0xC077, bus: 1, address: 2, ports: [1])
    mouse.vendorID = 0x046D
    plug(second, mouse, first, FakeDevice(0xDF11, bus: 1, address: 9, ports: [5]))
    let list = try finder().list()
    #expect(list.map(\.product.name) == ["ST-LINK/V2-1", "STLINK-V3E"])
    #expect(list.map { $0.identity.serial?.text } == ["066CFF343339415043114433", "003A00253038510234333935"])
    #expect(list.map(\.access) == [.free, .free])
    #expect(usb.openHandleCount == 0)
    #expect(usb.violations.isEmpty)
  }

  @Test func `listing claims for no longer than a moment and sends nothing but requests for strings`() throws {
    plug(first)
    _ = try finder().list()
    #expect(
      usb.log.filter { $0 != "events" && $0 != "submit" } == [
        "open", "kernelDriver 0", "claim 0", "release 0", "close",
      ])
    #expect(
      usb.submitted == [
        .controlIn(.stringDescriptor(1)), .controlIn(.stringDescriptor(2)), .controlIn(.stringDescriptor(3)),
      ])
  }

  @Test func `a probe that may not be opened is listed without serial and with the rule`() throws {
    first.failures["open"] = .access
    plug(first, second)
    let list = try finder().list()
    #expect(list.count == 2)
    #expect(list[0].identity.serial == nil)
    guard case .denied(let node, let rule) = list[0].access else {
      Issue.record("\(list[0].access)")
      return
    }
    #if os(Linux)
    #expect(node == "/dev/bus/usb/001/007")
    #else
    #expect(node == nil)
    #endif
    #expect(rule.contains("374b"))
    #expect(list[1].access == .free)
  }

  @Test func `a probe that another program has claimed is listed as in use`() throws {
    first.failures["claim 0"] = .busy
    plug(first)
    let listing = try #require(try finder().list().first)
    #expect(listing.access == .inUse)
    #expect(listing.identity.serial?.text == "066CFF343339415043114433")
  }

  @Test func `a probe with a kernel driver is free, and the driver stays`() throws {
    first.hasKernelDriver = true
    plug(first)
    #expect(try finder().list().first?.access == .free)
    #expect(!usb.log.contains("claim 0"))
  }

  @Test(arguments: [USBCallError.notSupported, .notFound])
  func `a system that knows no kernel drivers is asked by a claim`(error: USBCallError) throws {
    first.failures["kernelDriver 0"] = error
    plug(first)
    #expect(try finder().list().first?.access == .free)
    #expect(usb.log.contains("claim 0"))
  }

  @Test(arguments: ["open", "kernelDriver 0", "claim 0"])
  func `a probe that fails otherwise is listed with the failure`(call: String) throws {
    first.failures[call] = .io
    plug(first)
    #expect(try finder().list().first?.access == .failed(.io))
    #expect(usb.openHandleCount == 0)
  }

  @Test func `a probe that is busy as a whole is in use`() throws {
    first.failures["open"] = .busy
    plug(first)
    #expect(try finder().list().first?.access == .inUse)
  }

  @Test(arguments: ["open", "string"])
  func `a probe that is unplugged meanwhile is not listed`(call: String) throws {
    first.failures[call] = .noDevice
    plug(first, second)
    #expect(try finder().list().map(\.product.productID) == [0x374E])
  }

  @Test func `strings that cannot be read leave their reason`() throws {
    first.failures["string"] = .pipe
    plug(first)
    let listing = try #require(try finder().list().first)
    #expect(listing.access == .free)
    #expect(listing.identity.serial == nil)
    #expect(listing.stringFailure == .stall)
  }

  @Test func `a device that does not answer a request for strings does not hold the list up`() throws {
    first.strings[3] = nil
    plug(first)
    #expect(try finder().list().first?.identity.serial == nil)
    #expect(try finder().list().first?.stringFailure == nil)
  }

  @Test func `a library that cannot list is an error`() {
    usb.listFailure = .noMemory
    #expect(throws: USBProbeError.libraryFailed(call: "libusb_get_device_list", .noMemory)) { try finder().list() }
  }

  // MARK: Choosing

  @Test func `the only probe needs no choice`() throws {
    plug(first)
    #expect(try finder().open(matching: nil).identity.productID == 0x374B)
  }

  @Test(arguments: ["066CFF343339415043114433", "066cff", "4433", "1-4.2", "1:7", "001:007"])
  func `a probe can be chosen by any part of its serial, its path or its address`(selector: String) throws {
    plug(second, first)
    #expect(try finder().open(matching: selector).identity.productID == 0x374B)
  }

  @Test func `a choice by place opens no other probe`() throws {
    second.failures["open"] = .access
    plug(first, second)
    let probe = try finder().open(matching: "1-4.2")
    #expect(usb.log.filter { $0 == "open" }.count == 1)
    probe.close()
    guard case .denied(let listing)? = error("2-1") else {
      Issue.record("not denied")
      return
    }
    #expect(listing.product.productID == 0x374E)
  }

  @Test func `a whole serial goes before a part of another`() throws {
    first.strings[3] = FakeDevice.descriptor("0001")
    second.strings[3] = FakeDevice.descriptor("00012")
    plug(first, second)
    #expect(try finder().open(matching: "0001").identity.productID == 0x374B)
  }

  @Test func `a device is one of a catalogue by what it can do, whoever made it`() throws {
    let catalogue = USBCatalogue(
      products: [], neighbours: [:], stranger: .init(meaning: "other"), interfaceClass: [0xFE, 1, 2],
      classedName: "DFU device")
    let finder = ProbeFinder(
      catalogue: catalogue, library: usb, clock: usb.clock, holders: { _ in [] }, isBusVisible: { true })
    let other = FakeDevice(0x4000, bus: 1, address: 9, ports: [5], serial: "1")
    other.vendorID = 0xCAFE
    other.interfaces = [
      USBInterfaceClass(number: 0, classBytes: [2, 2, 1]), USBInterfaceClass(number: 3, classBytes: [0xFE, 1, 2]),
    ]
    let running = FakeDevice(0x4001, bus: 1, address: 10, ports: [6], serial: "2")
    running.interfaces = [USBInterfaceClass(number: 3, classBytes: [0xFE, 1, 1])]
    plug(first, running, other)
    #expect(try finder.list().map(\.product.name) == ["DFU device"])
    #expect(try finder.list().map(\.product.function.interface) == [3])
    #expect(try finder.open(matching: nil).identity.productID == 0x4000)
  }

  @Test func `no probe at all`() {
    #expect(error() == .noProbe(unusable: [], foreign: [], isBusVisible: true))
    #expect(error("1-4.2") == .noProbe(unusable: [], foreign: [], isBusVisible: true))
    #expect(error(from: finder(isBusVisible: false)) == .noProbe(unusable: [], foreign: [], isBusVisible: false))
  }

  @Test func `what is there instead of a probe is told`() {
    plug(
      FakeDevice(0xDF11, bus: 1, address: 9, ports: [5]), FakeDevice(0x3744, bus: 1, address: 4, ports: [2]),
      FakeDevice(0x374D, bus: 1, address: 5, ports: [3]))
    guard case .noProbe(let unusable, let foreign, _)? = error() else {
      Issue.record("a probe was found")
      return
    }
    #expect(unusable.map(\.product.productID) == [0x3744, 0x374D])
    #expect(foreign.map(\.kind.meaning) == ["an STM32 in its USB bootloader (DFU)"])
  }

  @Test func `a V1 and a loader beside a usable probe do not ask for a choice`() throws {
    plug(first, FakeDevice(0x3744, bus: 1, address: 4, ports: [2]))
    #expect(try finder().open(matching: nil).identity.productID == 0x374B)
  }

  @Test func `a V1 that is chosen is refused without being touched`() {
    plug(first, FakeDevice(0x3744, bus: 1, address: 4, ports: [2]))
    guard case .unusable(let listing)? = error("1-2") else {
      Issue.record("it was used")
      return
    }
    #expect(listing.product.obstacle?.explanation == "speaks SCSI")
    #expect(usb.log.isEmpty)
  }

  @Test func `several probes and no choice are listed with their serials`() {
    plug(first, second)
    guard case .severalProbes(let listings)? = error() else {
      Issue.record("one was chosen")
      return
    }
    #expect(listings.compactMap(\.identity.serial?.text) == ["066CFF343339415043114433", "003A00253038510234333935"])
    #expect(usb.openHandleCount == 0)
  }

  @Test func `a part that fits two serials is ambiguous`() {
    plug(first, second)
    guard case .ambiguous("33", let both)? = error("33") else {
      Issue.record("one was chosen")
      return
    }
    #expect(both.count == 2)
  }

  @Test func `clones that share a serial can be told apart by their place only`() throws {
    second.strings[3] = first.strings[3]
    plug(first, second)
    guard case .ambiguous(_, let both)? = error("066CFF343339415043114433") else {
      Issue.record("one was chosen")
      return
    }
    #expect(both.count == 2)
    #expect(try finder().open(matching: "2-1").identity.productID == 0x374E)
  }

  @Test(arguments: ["ABCDEF", "", "9-9", "1:8", ":", "1:2:3", "300:1"])
  func `a choice that fits nothing shows what is there`(selector: String) {
    plug(first, second)
    guard case .noMatch(selector, let listings)? = error(selector) else {
      Issue.record("'\(selector)' fits")
      return
    }
    #expect(listings.count == 2)
  }

  @Test func `when no serial may be read, a serial that is not found is a matter of permission`() {
    first.failures["open"] = .access
    plug(first)
    guard case .denied? = error("066C") else {
      Issue.record("not denied")
      return
    }
  }

  @Test func `when one of two serials may not be read, a serial that is not found is not found`() {
    first.failures["open"] = .access
    plug(first, second)
    guard case .noMatch(_, let listings)? = error("066C") else {
      Issue.record("not told")
      return
    }
    #expect(listings.count == 2)
  }

  // MARK: Opening

  @Test func `a probe in use names who has it open`() {
    first.failures["claim 0"] = .busy
    plug(first)
    let holder = DeviceHolder(processID: 4_711, name: "openocd")
    guard case .inUse(let listing, let holders)? = error(from: finder(holders: [holder])) else {
      Issue.record("not in use")
      return
    }
    #expect(listing.access == .inUse)
    #expect(listing.identity.serial?.text == "066CFF343339415043114433")
    #if os(Linux)
    #expect(holders == [holder])
    #endif
    #expect(usb.openHandleCount == 0)
  }

  @Test func `a probe unplugged between listing and opening is gone`() {
    first.failures["open"] = .noDevice
    plug(first)
    guard case .gone? = error() else {
      Issue.record("not gone")
      return
    }
  }

  @Test func `any other failure names the call`() {
    first.failures["claim 0"] = .notFound
    plug(first)
    guard case .openFailed(_, call: "libusb_claim_interface", .notFound)? = error() else {
      Issue.record("not told")
      return
    }
  }
}

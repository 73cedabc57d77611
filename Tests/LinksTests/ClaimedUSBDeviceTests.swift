import Testing

@testable import LinkInterface
@testable import Links

/// A probe's life on a fake bus: opening, batches one after the other, stale answers, resets, closing.
@Suite struct ClaimedUSBDeviceTests {
  private let device = FakeDevice(serial: "066CFF343339415043114433")
  private let usb: FakeUSB
  private let command = Transfer.bulkOut(.output(1), [UInt8](repeating: 0xF1, count: 16))
  private let reply = Transfer.bulkIn(.input(1), byteCount: 6)

  init() {
    usb = FakeUSB([device])
  }

  private func open() throws -> ClaimedUSBDevice {
    let found = try #require(try usb.devices().first)
    return try ClaimedUSBDevice(opening: found, for: .probe, with: usb, clock: usb.clock)
  }

  /// Answers every reply of exactly six bytes, and nothing that reads stale data.
  private func answerNormally() {
    device.answer = { transfer in
      switch transfer {
      case .bulkOut: .success()
      case .bulkIn(_, byteCount: 6): .success([1, 2, 3, 4, 5, 6])
      default: .silence
      }
    }
  }

  private func reason(_ body: () throws -> Void) -> LinkError.Reason? {
    do {
      try body()
      return nil
    } catch {
      return (error as? LinkError)?.reason
    }
  }

  // MARK: Opening and closing

  @Test func `opening claims the debug interface and leaves the configuration alone`() throws {
    let probe = try open()
    #expect(usb.log.prefix(4) == ["open", "configuration", "autoDetach", "claim 0"])
    #expect(probe.identity.serial?.text == "066CFF343339415043114433")
    #expect(probe.identity.product == "STM32 STLink")
    #expect(probe.identity.manufacturer == "STMicroelectronics")
    #expect(probe.identity.location.path == "1-4.2")
  }

  @Test func `only a device without configuration gets one`() throws {
    device.configuration = 0
    _ = try open()
    #expect(usb.log.prefix(5) == ["open", "configuration", "setConfiguration 1", "autoDetach", "claim 0"])
  }

  @Test func `a system that cannot detach drivers is no obstacle`() throws {
    device.failures["autoDetach"] = .notSupported
    _ = try open()
    #expect(usb.log.contains("claim 0"))
  }

  @Test(arguments: ["open", "configuration", "autoDetach", "claim 0"])
  func `a step that fails is named, and nothing stays open`(call: String) throws {
    let names = [
      "open": "libusb_open", "configuration": "libusb_get_configuration",
      "autoDetach": "libusb_set_auto_detach_kernel_driver", "claim 0": "libusb_claim_interface",
    ]
    device.failures[call] = .io
    let name = try #require(names[call])
    #expect(throws: DeviceConnection.StepFailure(call: name, error: .io)) { try open() }
    #expect(usb.openHandleCount == 0)
    #expect(usb.deviceReferenceCount == 0)
  }

  @Test func `a raw serial survives`() throws {
    let raw: [UInt8] = [0x53, 0xFF, 0x6D, 0x06, 0x48, 0x82, 0x57, 0x51, 0x40, 0x27, 0x11, 0x87]
    device.strings[3] = [26, 3] + raw.flatMap { [$0, 0] }
    let serial = try open().identity.serial
    #expect(serial?.text == "53FF6D064882575140271187")
    #expect(serial?.isRawEncoded == true)
  }

  @Test func `strings that cannot be read do not keep a probe from being used`() throws {
    device.failures["string"] = .pipe
    let probe = try open()
    #expect(probe.identity.serial == nil)
    answerNormally()
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [1, 2, 3, 4, 5, 6]])
  }

  @Test func `closing releases and closes once, and every later call says closed`() throws {
    let probe = try open()
    usb.clearLog()
    probe.close()
    probe.close()
    #expect(usb.log == ["release 0", "close"])
    #expect(reason { _ = try probe.perform([command], within: .seconds(1)) } == .closed)
    #expect(reason { _ = try probe.perform([], within: .seconds(1)) } == .closed)
    #expect(reason { try probe.clearStall(on: .input(1)) } == .closed)
    #expect(reason { try probe.reset() } == .closed)
    #expect(usb.violations.isEmpty)
  }

  @Test func `a probe that nobody holds any more closes its device`() throws {
    _ = try open()
    #expect(usb.openHandleCount == 0)
    #expect(usb.deviceReferenceCount == 0)
    #expect(usb.log.suffix(2) == ["release 0", "close"])
  }

  @Test func `an empty batch does nothing`() throws {
    let probe = try open()
    usb.clearLog()
    #expect(try probe.perform([], within: .seconds(1)) == [])
    #expect(usb.log.isEmpty)
  }

  // MARK: Stale answers

  @Test func `an answer that a killed program left behind is dropped before the first batch`() throws {
    let probe = try open()
    var stale: [[UInt8]] = [[UInt8](repeating: 0xEE, count: 64), [0xEE, 0xEE]]
    device.answer = { transfer in
      switch transfer {
      case .bulkOut: .success()
      case .bulkIn(_, byteCount: ClaimedUSBDevice.drainByteCount):
        stale.isEmpty ? .silence : .success(stale.removeFirst())
      default: .success([6])
      }
    }
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [6]])
    #expect(stale.isEmpty)
  }

  @Test func `an endpoint found empty is not read again`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    usb.clearLog()
    _ = try probe.perform([command, reply], within: .seconds(1))
    #expect(usb.submitted == [command, reply])
  }

  @Test func `after an exchange that failed half way the late answer is dropped`() throws {
    let probe = try open()
    device.answer = { transfer in
      if case .bulkOut = transfer { .success() } else { .silence }
    }
    #expect(reason { _ = try probe.perform([command, reply], within: .milliseconds(50)) } == .timeout)
    var late: [[UInt8]] = [[1, 2, 3, 4, 5, 6]]
    device.answer = { transfer in
      switch transfer {
      case .bulkOut: .success()
      case .bulkIn(_, byteCount: 6): .success([9])
      default: late.isEmpty ? .silence : .success(late.removeFirst())
      }
    }
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [9]])
    #expect(late.isEmpty)
  }

  @Test func `what arrives while a stale read is being cancelled is dropped too`() throws {
    let probe = try open()
    var partial: [UInt8] = [7, 7]
    device.answer = { transfer in
      switch transfer {
      case .bulkOut: return .success()
      case .bulkIn(_, byteCount: 6): return .success([9])
      default:
        defer { partial = [] }
        return .silenceAfter(partial)
      }
    }
    usb.clearLog()
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [9]])
    #expect(usb.submitted.count == 4)
  }

  @Test func `a read without a command that times out leaves nothing stale`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    let trace = Transfer.bulkIn(.input(2), byteCount: 64)
    #expect(reason { _ = try probe.perform([trace], within: .milliseconds(10)) } == .timeout)
    usb.clearLog()
    _ = try probe.perform([command, reply], within: .seconds(1))
    #expect(usb.submitted == [command, reply])
  }

  @Test func `a stalled endpoint is left to the batch, and read again when the stall is cleared`() throws {
    let probe = try open()
    device.answer = { transfer in
      if case .bulkOut = transfer { .success() } else { .ends(.stall) }
    }
    let error = #expect(throws: LinkError.self) { try probe.perform([command, reply], within: .seconds(1)) }
    #expect(error?.reason == .stall)
    #expect(error?.transferIndex == 1)
    try probe.clearStall(on: .input(1))
    #expect(usb.log.contains("clearHalt 129"))
    answerNormally()
    usb.clearLog()
    _ = try probe.perform([command, reply], within: .seconds(1))
    #expect(usb.submitted.count == 3)
  }

  @Test func `a probe that never stops sending is an error`() throws {
    let probe = try open()
    device.answer = { _ in .success([0]) }
    guard case .other = reason({ _ = try probe.perform([command], within: .seconds(1)) }) else {
      Issue.record("no error")
      return
    }
  }

  @Test func `the deadline of a batch holds for the reading of stale answers`() throws {
    let probe = try open()
    let start = usb.clock.now
    #expect(reason { _ = try probe.perform([command], within: .milliseconds(5)) } == .timeout)
    #expect(usb.clock.now - start == .milliseconds(5))
  }

  // MARK: Unplugging

  @Test func `an input and output error of a device that has left the bus means unplugged`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    device.answer = { [usb] _ in
      usb.devicesOnBus = []
      return .ends(.failed)
    }
    let error = #expect(throws: LinkError.self) { try probe.perform([command], within: .seconds(1)) }
    #expect(error?.reason == .gone)
    #expect(error?.transferIndex == 0)
    #expect(reason { _ = try probe.perform([command], within: .seconds(1)) } == .gone)
  }

  @Test func `an input and output error of a device that stays is one`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    device.answer = { _ in .ends(.failed) }
    let start = usb.clock.now
    #expect(reason { _ = try probe.perform([command], within: .seconds(1)) } == USBCallError.io.reason)
    #expect(usb.clock.now - start >= ClaimedUSBDevice.departureTime)
  }

  @Test func `closing a probe that is gone does no harm`() throws {
    let probe = try open()
    usb.devicesOnBus = []
    device.failures["release 0"] = .noDevice
    probe.close()
    #expect(usb.openHandleCount == 0)
    #expect(usb.violations.isEmpty)
  }

  @Test(arguments: [(USBCallError.noDevice, LinkError.Reason.gone), (.notFound, USBCallError.notFound.reason)])
  func `clearing a stall can fail`(error: USBCallError, reason expected: LinkError.Reason) throws {
    let probe = try open()
    device.failures["clearHalt 129"] = error
    #expect(reason { try probe.clearStall(on: .input(1)) } == expected)
  }

  // MARK: Reset

  @Test func `a reset keeps the claim and looks for stale answers again`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    usb.clearLog()
    try probe.reset()
    #expect(usb.log == ["reset"])
    _ = try probe.perform([command, reply], within: .seconds(1))
    #expect(usb.submitted.count == 3)
  }

  @Test func `a device that comes back anew is opened and claimed at its port`() throws {
    let probe = try open()
    let returned = FakeDevice(address: 8, serial: "066CFF343339415043114433")
    returned.answer = { transfer in
      switch transfer {
      case .bulkOut: .success()
      case .bulkIn(_, byteCount: 6): .success([8])
      default: .silence
      }
    }
    let elsewhere = FakeDevice(address: 9, ports: [3])
    device.failures["reset"] = .notFound
    usb.onReset = { [usb] _ in usb.devicesOnBus = [elsewhere, returned] }
    usb.clearLog()
    try probe.reset()
    #expect(usb.log == ["reset", "release 0", "close", "open", "configuration", "autoDetach", "claim 0"])
    #expect(probe.identity.location.address == 8)
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [8]])
    #expect(usb.openHandleCount == 1)
  }

  @Test func `permissions that come late are waited for`() throws {
    let probe = try open()
    device.failures["reset"] = .noDevice
    let clock = usb.clock
    let end = clock.now + .milliseconds(400)
    usb.onReset = { $0.failures["open"] = .access }
    usb.onOpen = { [device] in if clock.now >= end { device.failures["open"] = nil } }
    try probe.reset()
    #expect(usb.clock.now >= end)
    #expect(usb.openHandleCount == 1)
  }

  @Test func `a device that does not come back is gone, and can come back later`() throws {
    let probe = try open()
    answerNormally()
    device.failures["reset"] = .notFound
    usb.onReset = { [usb] _ in usb.devicesOnBus = [] }
    let start = usb.clock.now
    #expect(reason { try probe.reset() } == .gone)
    #expect(usb.clock.now - start >= ClaimedUSBDevice.returnTime)
    #expect(reason { _ = try probe.perform([command], within: .seconds(1)) } == .gone)
    #expect(usb.openHandleCount == 0)
    usb.devicesOnBus = [device]
    try probe.reset()
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [1, 2, 3, 4, 5, 6]])
  }

  @Test func `a device that another program takes during the reset is busy`() throws {
    let probe = try open()
    device.failures["reset"] = .notFound
    device.failures["claim 0"] = .busy
    #expect(reason { try probe.reset() } == .busy)
    #expect(usb.openHandleCount == 0)
  }

  @Test func `a list that fails during the reset is reported`() throws {
    let probe = try open()
    device.failures["reset"] = .notFound
    usb.listFailure = .noMemory
    #expect(reason { try probe.reset() } == USBCallError.noMemory.reason)
  }

  @Test func `a reset that fails otherwise is reported and leaves the probe open`() throws {
    let probe = try open()
    answerNormally()
    device.failures["reset"] = .io
    #expect(reason { try probe.reset() } == USBCallError.io.reason)
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [1, 2, 3, 4, 5, 6]])
  }

  // MARK: Abandoned transfers

  @Test func `after a transfer that never came back only a reset helps`() throws {
    let probe = try open()
    answerNormally()
    _ = try probe.perform([command, reply], within: .seconds(1))
    device.answer = { _ in .stuck }
    #expect(reason { _ = try probe.perform([reply], within: .milliseconds(10)) } == .timeout)
    #expect(probe.abandonedTransferCount == 1)
    answerNormally()
    guard case .other(USBCallError.busy.rawValue, _) = reason({ _ = try probe.perform([command], within: .seconds(1)) })
    else {
      Issue.record("the wedged connection was used")
      return
    }
    usb.clearLog()
    try probe.reset()
    #expect(usb.log == ["reset", "release 0", "close", "open", "configuration", "autoDetach", "claim 0"])
    #expect(try probe.perform([command, reply], within: .seconds(1)) == [[], [1, 2, 3, 4, 5, 6]])
    #expect(probe.abandonedTransferCount == 1)
    #expect(usb.liveTransferCount == 1)
    #expect(usb.violations.isEmpty)
  }
}

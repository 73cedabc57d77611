import LinkInterface
import TestSupport
import Testing

@testable import Links

/// One batch on a fake bus.
@Suite struct BatchRunnerTests {
  private let device = FakeDevice()
  private let usb: FakeUSB
  private let command = Transfer.bulkOut(.output(1), [UInt8](repeating: 0xF2, count: 16))
  private let payload = Transfer.bulkOut(.output(1), [UInt8](repeating: 0x55, count: 100))
  private let reply = Transfer.bulkIn(.input(1), byteCount: 12)

  init() {
    usb = FakeUSB([device])
  }

  /// Runs a batch on the device, with the answers by position in the batch.
  private func run(
    _ batch: [Transfer], _ answers: [FakeAnswer], within limit: Duration = .seconds(1)
  ) throws -> BatchRunner.Outcome {
    var next = 0
    device.answer = { _ in
      defer { next += 1 }
      return answers[next]
    }
    let connection = try open()
    usb.clearLog()
    let runner = BatchRunner(library: usb, handle: connection.handle, clock: usb.clock)
    let outcome = runner.run(batch, by: usb.clock.deadline(after: limit))
    #expect(usb.violations.isEmpty)
    #expect(usb.liveTransferCount == outcome.abandonedCount)
    return outcome
  }

  private func open() throws -> DeviceConnection {
    let found = try #require(try usb.devices().first)
    return try DeviceConnection(opening: found, for: .probe, with: usb)
  }

  private func failure(_ outcome: BatchRunner.Outcome) throws -> LinkError {
    guard case .failure(let error) = outcome.result else {
      throw Unexpected(text: "the batch succeeded: \(outcome.result)")
    }
    return error
  }

  private struct Unexpected: Error {
    var text: String
  }

  // MARK: Order

  @Test func `all bulk transfers of a batch are queued before the first is waited for`() throws {
    let outcome = try run([command, payload, reply], [.success(), .success(), .success([0x80, 0])])
    #expect(try outcome.result.get() == [[], [], [0x80, 0]])
    #expect(Array(usb.log.prefix(4)) == ["submit", "submit", "submit", "events"])
    #expect(usb.submitted == [command, payload, reply])
  }

  @Test func `a control transfer is performed alone, after what comes before it and before what comes after`() throws {
    let control = Transfer.controlOut(
      ControlSetup(requestType: 0x40, request: 1, value: 0, index: 0, length: 1), [7])
    _ = try run([command, reply, control, command], Array(repeating: .success(), count: 4))
    let steps = ["submit", "submit", "events", "submit", "events", "submit", "events"]
    #expect(usb.log.filter { $0 != "close" } == steps)
  }

  @Test func `stages split a batch at every control transfer`() {
    let control = Transfer.controlIn(.stringDescriptor(3))
    #expect(BatchRunner.stages(of: []) == [])
    #expect(BatchRunner.stages(of: [command, reply]) == [0..<2])
    #expect(BatchRunner.stages(of: [control, control, command, reply, control]) == [0..<1, 1..<2, 2..<4, 4..<5])
  }

  @Test func `an answer shorter than asked for is no error`() throws {
    let outcome = try run([command, reply], [.success(), .success([1, 2])])
    #expect(try outcome.result.get() == [[], [1, 2]])
  }

  // MARK: Deadlines

  @Test func `nothing is sent once the deadline has passed`() throws {
    let error = try failure(run([command, reply], [], within: .zero))
    #expect(error.reason == .timeout)
    #expect(error.transferIndex == 0)
    #expect(usb.submitted.isEmpty)
  }

  @Test func `at the deadline everything pending is cancelled, last first, and the first pending one is to blame`()
    throws
  {
    let start = usb.clock.now
    let answers: [FakeAnswer] = [.success(), .success([9]), .success(), .silenceAfter([0x80, 0, 1]), .silence]
    let error = try failure(run([command, reply, command, reply, command], answers, within: .milliseconds(250)))
    #expect(error.reason == .timeout)
    #expect(error.transferIndex == 3)
    #expect(error.transfer == reply)
    #expect(error.completed == [[], [9], []])
    #expect(error.partial == [0x80, 0, 1])
    #expect(usb.log.filter { $0.hasPrefix("cancel") } == ["cancel out 1 16", "cancel in 1 12"])
    #expect(usb.clock.now - start == .milliseconds(250))
  }

  @Test func `one deadline holds for the whole batch and not for each transfer`() throws {
    let answers: [FakeAnswer] = [.success(after: .milliseconds(80)), .success([1], after: .milliseconds(120))]
    let error = try failure(run([command, reply], answers, within: .milliseconds(100)))
    #expect(error.transferIndex == 1)
    #expect(error.completed == [[]])
  }

  @Test func `a deadline holds across the stages of a batch`() throws {
    let control = Transfer.controlIn(ControlSetup(requestType: 0xC0, request: 1, value: 0, index: 0, length: 4))
    let start = usb.clock.now
    let answers: [FakeAnswer] = [.success(after: .milliseconds(80)), .silence]
    let error = try failure(run([command, control], answers, within: .milliseconds(100)))
    #expect(error.transferIndex == 1)
    #expect(usb.clock.now - start == .milliseconds(100))
  }

  @Test func `a signal neither ends a batch nor moves its deadline`() throws {
    usb.eventFailures = Array(repeating: .interrupted, count: 30)
    let start = usb.clock.now
    let error = try failure(run([reply], [.silence], within: .milliseconds(100)))
    #expect(error.reason == .timeout)
    #expect(usb.clock.now - start == .milliseconds(100))
  }

  // MARK: Cancellation

  @Test func `a transfer that finishes while it is being cancelled counts as finished`() throws {
    let outcome = try run([command, reply], [.success(), .successOnCancel([0x80, 0])], within: .milliseconds(5))
    #expect(try outcome.result.get() == [[], [0x80, 0]])
  }

  @Test func `memory is freed only when a cancelled transfer has come back`() throws {
    let start = usb.clock.now
    let answers: [FakeAnswer] = [.silenceAfter([], delay: .milliseconds(700))]
    let outcome = try run([reply], answers, within: .milliseconds(5))
    #expect(try failure(outcome).reason == .timeout)
    #expect(outcome.abandonedCount == 0)
    #expect(usb.clock.now - start == .milliseconds(705))
  }

  @Test func `a transfer that never comes back is left alone and counted`() throws {
    let start = usb.clock.now
    let outcome = try run([command, reply], [.success(), .stuck], within: .milliseconds(5))
    let error = try failure(outcome)
    #expect(error.reason == .timeout)
    #expect(error.transferIndex == 1)
    #expect(outcome.abandonedCount == 1)
    #expect(usb.clock.now - start == .milliseconds(5) + BatchRunner.cancellationGrace)
  }

  // MARK: Failures

  @Test func `a failure cancels what is queued behind it at once`() throws {
    let start = usb.clock.now
    let error = try failure(run([command, payload, reply], [.success(), .ends(.stall), .silence]))
    #expect(error.reason == .stall)
    #expect(error.transferIndex == 1)
    #expect(error.completed == [[]])
    #expect(usb.log.contains("cancel in 1 12"))
    #expect(usb.clock.now == start)
  }

  @Test func `what is queued before a failure may still finish, and its data are kept`() throws {
    let answers: [FakeAnswer] = [.success(), .success([5, 6], after: .milliseconds(30)), .ends(.stall)]
    let error = try failure(run([command, reply, payload], answers))
    #expect(error.transferIndex == 2)
    #expect(error.reason == .stall)
    #expect(error.completed == [[], [5, 6]])
    #expect(!usb.log.contains { $0.hasPrefix("cancel") })
  }

  @Test func `of two failures the one that comes first in the batch is reported`() throws {
    let answers: [FakeAnswer] = [.ends(.overflow, after: .milliseconds(30), data: [1]), .ends(.stall), .silence]
    let error = try failure(run([reply, payload, reply], answers))
    #expect(error.transferIndex == 0)
    #expect(error.reason == .overflow)
    #expect(error.partial == [1])
  }

  @Test(arguments: [
    (TransferCompletion.Status.failed, USBCallError.io.reason),
    (.timedOut, .timeout),
    (.cancelled, .other(code: -1, text: "the operating system cancelled the transfer")),
    (.stall, .stall),
    (.noDevice, .gone),
    (.overflow, .overflow),
    (.unknown(42), .other(code: 42, text: "unknown libusb transfer status 42")),
  ])
  func `every end of a transfer has its reason`(status: TransferCompletion.Status, reason: LinkError.Reason) throws {
    let error = try failure(run([reply], [.ends(status, data: [3])]))
    #expect(error.reason == reason)
    #expect(error.partial == [3])
  }

  @Test func `fewer bytes taken than sent is a failure that says how many`() throws {
    let error = try failure(run([payload, reply], [.ends(.completed, byteCount: 64), .silence]))
    #expect(error.reason == .shortWrite(sent: 64))
    #expect(error.transferIndex == 0)
  }

  @Test func `a refused submission ends the batch after what had been queued`() throws {
    let error = try failure(run([command, payload, reply], [.success(), .refusal(.noMemory), .silence]))
    #expect(error.reason == USBCallError.noMemory.reason)
    #expect(error.transferIndex == 1)
    #expect(error.completed == [[]])
    #expect(usb.submitted == [command])
  }

  @Test func `no memory for a transfer is reported`() throws {
    usb.allocationFailure = .noMemory
    #expect(try failure(run([command], [])).reason == USBCallError.noMemory.reason)
  }

  @Test func `when events cannot be handled the batch is cancelled and the reason kept`() throws {
    usb.eventFailures = [.other]
    let error = try failure(run([command, reply], [.silence, .silence]))
    #expect(error.reason == USBCallError.other.reason)
    #expect(error.transferIndex == 0)
  }

  @Test func `events that fail for ever end in abandoned transfers and not in a hang`() throws {
    usb.eventFailures = Array(repeating: .other, count: 10_000)
    let outcome = try run([command, reply], [.silence, .silence])
    #expect(try failure(outcome).reason == USBCallError.other.reason)
    #expect(outcome.abandonedCount == 2)
  }

  @Test(arguments: [
    Transfer.bulkOut(.input(1), [1]),
    .bulkIn(.output(1), byteCount: 4),
    .bulkIn(.input(1), byteCount: -1),
    .controlOut(ControlSetup(requestType: 0x40, request: 0, value: 0, index: 0, length: 2), [1]),
    .controlOut(ControlSetup(requestType: 0xC0, request: 0, value: 0, index: 0, length: 1), [1]),
    .controlIn(ControlSetup(requestType: 0x40, request: 0, value: 0, index: 0, length: 1)),
  ])
  func `a transfer that no bus can carry is refused before it is queued`(transfer: Transfer) throws {
    let error = try failure(run([transfer], []))
    guard case .other(USBCallError.invalidParameter.rawValue, _) = error.reason else {
      Issue.record("\(error.reason)")
      return
    }
    #expect(usb.submitted.isEmpty)
  }

  // MARK: Any batch

  @Test(arguments: UInt64(1)...60)
  func `any batch ends in time, names its first failure and gives all memory back`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let batch = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
      [command, payload, reply].randomElement(using: &generator) ?? reply
    }
    let answers = batch.map { _ in BatchRunnerTests.anyAnswer(&generator) }
    let start = usb.clock.now
    let outcome = try run(batch, answers, within: .milliseconds(50))
    let stuckCount = answers.count { if case .stuck = $0 { true } else { false } }
    #expect(outcome.abandonedCount <= stuckCount, "seed \(seed)")
    #expect(usb.clock.now - start <= .milliseconds(50) + BatchRunner.cancellationGrace, "seed \(seed)")
    let firstBad = answers.firstIndex { BatchRunnerTests.isBad($0) }
    switch outcome.result {
    case .success(let replies):
      #expect(replies.count == batch.count && firstBad == nil, "seed \(seed)")
    case .failure(let error):
      #expect(error.transferIndex == firstBad, "seed \(seed)")
      #expect(error.completed.count == error.transferIndex, "seed \(seed)")
    }
  }

  private static func anyAnswer(_ generator: inout SeededGenerator) -> FakeAnswer {
    let delay = Duration.milliseconds(Int.random(in: 0...20, using: &generator))
    return switch Int.random(in: 0..<16, using: &generator) {
    case 0: .silence
    case 1: .silenceAfter([1], delay: delay)
    case 2: .stuck
    case 3: .refusal(.noDevice)
    case 4: .ends(.stall, after: delay)
    case 5: .ends(.overflow, after: delay)
    default: .ends(.completed, after: delay)
    }
  }

  private static func isBad(_ answer: FakeAnswer) -> Bool {
    switch answer {
    case .ends(.completed, _, _, _), .successOnCancel: false
    default: true
    }
  }
}

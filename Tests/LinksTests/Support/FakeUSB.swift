import LinkInterface

@testable import Links

/// A stand-in for libusb with a bus of fake devices and a clock that it moves itself.
///
/// It keeps a log of the calls, and a list of what a real libusb would not forgive: freeing a pending transfer, closing
/// a closed handle, using either afterwards.
final class FakeUSB: USBLibrary {
  private struct Flight {
    let transfer: Transfer
    let handle: HandleReference
    var answer: FakeAnswer
    var end: Duration?
    var completion: TransferCompletion?
    var isSubmitted = false
  }

  let clock: FakeClock
  var devicesOnBus: [FakeDevice]
  /// What the listing of devices fails with.
  var listFailure: USBCallError?
  /// What the next calls of `handleEvents` fail with, in order; each takes a millisecond.
  var eventFailures: [USBCallError] = []
  /// What the next allocations fail with.
  var allocationFailure: USBCallError?
  /// What is done to the device and the bus by a reset.
  var onReset: (FakeDevice) -> Void = { _ in }

  /// Called before every attempt to open a device.
  var onOpen: () -> Void = {}

  private(set) var log: [String] = []
  private(set) var submitted: [Transfer] = []
  private(set) var violations: [String] = []
  private var handles: [HandleReference: FakeDevice] = [:]
  private var references: [OpaquePointer: FakeDevice] = [:]
  private var flights: [TransferReference: Flight] = [:]
  private var lastToken = 0

  init(_ devices: [FakeDevice] = [], clock: FakeClock = FakeClock()) {
    devicesOnBus = devices
    self.clock = clock
  }

  var openHandleCount: Int { handles.count }
  var liveTransferCount: Int { flights.count }
  var deviceReferenceCount: Int { references.count }

  func clearLog() {
    log = []
    submitted = []
  }

  // MARK: USBLibrary

  func devices() throws(USBCallError) -> [LibUSBDevice] {
    if let listFailure { throw listFailure }
    return devicesOnBus.map { device in
      let token = nextToken()
      references[token] = device
      return LibUSBDevice(
        reference: DeviceReference(token) { [self] in references[$0] = nil },
        vendorID: device.vendorID, productID: device.productID, release: 0x0100,
        strings: (index(1, of: device), index(2, of: device), index(3, of: device)), speed: .full,
        location: device.location, interfaces: device.interfaces)
    }
  }

  func open(_ device: DeviceReference) throws(USBCallError) -> HandleReference {
    guard let target = references[device.pointer] else { throw .noDevice }
    onOpen()
    try record("open", target)
    guard isOnBus(target) else { throw .noDevice }
    let handle = HandleReference(pointer: nextToken())
    handles[handle] = target
    return handle
  }

  func close(_ handle: HandleReference) {
    log.append("close")
    if handles.removeValue(forKey: handle) == nil { violations.append("closed a handle that is not open") }
  }

  func configuration(of handle: HandleReference) throws(USBCallError) -> Int32 {
    let device = try target(of: handle)
    try record("configuration", device)
    return device.configuration
  }

  func setConfiguration(_ value: Int32, on handle: HandleReference) throws(USBCallError) {
    let device = try target(of: handle)
    try record("setConfiguration \(value)", device)
    device.configuration = value
  }

  func detachKernelDriverOnClaim(on handle: HandleReference) throws(USBCallError) {
    try record("autoDetach", target(of: handle))
  }

  func hasKernelDriver(_ handle: HandleReference, interface: Int32) throws(USBCallError) -> Bool {
    let device = try target(of: handle)
    try record("kernelDriver \(interface)", device)
    return device.hasKernelDriver
  }

  func claim(interface: Int32, on handle: HandleReference) throws(USBCallError) {
    try record("claim \(interface)", target(of: handle))
  }

  func release(interface: Int32, on handle: HandleReference) throws(USBCallError) {
    try record("release \(interface)", target(of: handle))
  }

  func clearHalt(_ endpoint: Endpoint, on handle: HandleReference) throws(USBCallError) {
    try record("clearHalt \(endpoint.rawValue)", target(of: handle))
  }

  func reset(_ handle: HandleReference) throws(USBCallError) {
    let device = try target(of: handle)
    onReset(device)
    try record("reset", device)
  }

  func allocate(_ transfer: Transfer, on handle: HandleReference) throws(USBCallError) -> TransferReference {
    if let allocationFailure { throw allocationFailure }
    let reference = TransferReference(pointer: nextToken())
    flights[reference] = Flight(transfer: transfer, handle: handle, answer: .silence)
    return reference
  }

  func submit(_ transfer: TransferReference) throws(USBCallError) {
    guard var flight = flights[transfer] else { return violations.append("submitted a freed transfer") }
    let device = try target(of: flight.handle)
    guard isOnBus(device) else { throw .noDevice }
    flight.answer = stringAnswer(to: flight.transfer, of: device) ?? device.answer(flight.transfer)
    if case .refusal(let error) = flight.answer { throw error }
    if case .ends(_, let delay, _, _) = flight.answer { flight.end = clock.now + delay }
    flight.isSubmitted = true
    flights[transfer] = flight
    submitted.append(flight.transfer)
    log.append("submit")
  }

  func cancel(_ transfer: TransferReference) throws(USBCallError) {
    guard var flight = flights[transfer] else { return violations.append("cancelled a freed transfer") }
    guard flight.completion == nil else { throw .notFound }
    log.append("cancel \(FakeUSB.name(of: flight.transfer))")
    switch flight.answer {
    case .silence, .ends:
      flight.answer = .ends(.cancelled)
      flight.end = clock.now
    case .silenceAfter(let data, let delay):
      flight.answer = .ends(.cancelled, data: data)
      flight.end = clock.now + delay
    case .successOnCancel(let data):
      flight.answer = .success(data)
      flight.end = clock.now
    case .stuck, .refusal:
      break
    }
    flights[transfer] = flight
  }

  func completion(of transfer: TransferReference) -> TransferCompletion? {
    if flights[transfer] == nil { violations.append("looked at a freed transfer") }
    return flights[transfer]?.completion
  }

  func free(_ transfer: TransferReference) {
    guard let flight = flights.removeValue(forKey: transfer) else { return violations.append("freed a transfer twice") }
    if flight.isSubmitted && flight.completion == nil { violations.append("freed a pending transfer") }
  }

  func handleEvents(for limit: Duration, until transfer: TransferReference) throws(USBCallError) {
    log.append("events")
    if !eventFailures.isEmpty {
      clock.wait(for: .milliseconds(1))
      throw eventFailures.removeFirst()
    }
    let due = flights.values.filter { $0.completion == nil }.compactMap(\.end).min()
    clock.wait(for: min(limit, max(.zero, (due ?? clock.now + limit) - clock.now)))
    for (reference, flight) in flights where flight.completion == nil {
      guard let end = flight.end, end <= clock.now, case .ends(let status, _, let data, let count) = flight.answer
      else {
        continue
      }
      let all = status == .completed ? flight.transfer.outgoingByteCount : 0
      let byteCount = count ?? (data.isEmpty ? all : data.count)
      flights[reference]?.completion = TransferCompletion(status: status, byteCount: byteCount, data: data)
    }
  }

  // MARK: Parts

  private func nextToken() -> OpaquePointer {
    lastToken += 1
    guard let token = OpaquePointer(bitPattern: lastToken) else { preconditionFailure("tokens start at 1") }
    return token
  }

  private func index(_ number: UInt8, of device: FakeDevice) -> UInt8 {
    device.strings[number] == nil ? 0 : number
  }

  private func isOnBus(_ device: FakeDevice) -> Bool {
    devicesOnBus.contains { $0 === device }
  }

  private func target(of handle: HandleReference) throws(USBCallError) -> FakeDevice {
    guard let device = handles[handle] else {
      violations.append("used a handle that is not open")
      throw .invalidParameter
    }
    return device
  }

  private func record(_ call: String, _ device: FakeDevice) throws(USBCallError) {
    log.append(call)
    if let failure = device.failures[call] { throw failure }
  }

  private func stringAnswer(to transfer: Transfer, of device: FakeDevice) -> FakeAnswer? {
    guard case .controlIn(let setup) = transfer, setup.request == 6, setup.value >> 8 == 3 else { return nil }
    if let failure = device.failures["string"] { return .refusal(failure) }
    return device.strings[UInt8(setup.value & 0xFF)].map { .success($0) } ?? .ends(.stall)
  }

  private static func name(of transfer: Transfer) -> String {
    switch transfer {
    case .bulkOut(let endpoint, let data): "out \(endpoint.number) \(data.count)"
    case .bulkIn(let endpoint, let byteCount): "in \(endpoint.number) \(byteCount)"
    case .controlOut: "control out"
    case .controlIn: "control in"
    }
  }
}

import Basics
import LinkInterface
import TestSupport

/// A probe that answers from a list, and a clock that moves only when told to.
final class AnsweringProbe: USBDevice {
  /// What one call to `perform` returns or throws, and how long it takes.
  struct Answer {
    var result: Result<[[UInt8]], LinkError>
    var duration: Duration = .microseconds(250)
  }

  var identity: USBIdentity
  let testClock = TestClock()
  var clock: any LinkClock { testClock }
  var answers: [Answer] = []
  var controlError: LinkError?
  /// When the transfers of the last batch ended.
  var completionTimes: [Duration] = []
  private(set) var performed: [[Transfer]] = []
  private(set) var resets = 0
  private(set) var isClosed = false
  /// Descriptors by wValue, for requests to be answered from instead of from the list.
  var descriptors: [UInt16: [UInt8]] = [:]

  init(identity: USBIdentity = AnsweringProbe.sampleIdentity) {
    self.identity = identity
  }

  static let sampleIdentity = USBIdentity(
    vendorID: 0x0483, productID: 0x374B, deviceRelease: 0x0100, manufacturer: "STMicroelectronics",
    product: "STM32 STLink", serial: USBSerial(text: "0669FF303435554157121019"), speed: .full,
    location: USBLocation(bus: 3, address: 17))

  /// Adds an answer to the next call.
  func answer(_ replies: [[UInt8]], after duration: Duration = .microseconds(250)) {
    answers.append(Answer(result: .success(replies), duration: duration))
  }

  func fail(_ error: LinkError, after duration: Duration = .microseconds(250)) {
    answers.append(Answer(result: .failure(error), duration: duration))
  }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    if case .controlIn(let setup) = transfers.first, setup.requestType == 0x80, setup.request == 6 {
      testClock.wait(for: .microseconds(100))
      guard let bytes = descriptors[setup.value] else {
        throw LinkError(.stall, at: 0, of: transfers, completed: [])
      }
      return [Array(bytes.prefix(Int(setup.length)))]
    }
    performed.append(transfers)
    guard !answers.isEmpty else { throw LinkError(.timeout, at: 0, of: transfers, completed: []) }
    let answer = answers.removeFirst()
    testClock.wait(for: answer.duration)
    return try answer.result.get()
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {
    if let controlError { throw controlError }
  }

  func reset() throws(LinkError) {
    if let controlError { throw controlError }
    resets += 1
  }

  func close() { isClosed = true }
}

extension AnsweringProbe {
  /// The descriptors of a device with one vendor-specific interface and the endpoints 01, 81 and 82.
  static let sampleDescriptors: [UInt16: [UInt8]] = [
    0x0100: [18, 1, 0x00, 0x02, 0xEF, 2, 1, 64, 0x83, 0x04, 0x4B, 0x37, 0x00, 0x01, 1, 2, 3, 1],
    0x0200: [
      9, 2, 39, 0, 1, 1, 0, 0x80, 150, 9, 4, 0, 0, 3, 0xFF, 0xFF, 0xFF, 4, 7, 5, 0x81, 2, 64, 0, 0, 7, 5, 0x01, 2, 64,
      0, 0, 7, 5, 0x82, 2, 64, 0, 0,
    ],
    0x0301: string("STMicroelectronics"), 0x0302: string("STM32 STLink"), 0x0303: string("0669FF303435554157121019"),
  ]

  static func string(_ text: String) -> [UInt8] {
    let units = Array(text.utf16)
    return [UInt8(2 + 2 * units.count), 3]
      + units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] as [UInt8] }
  }
}

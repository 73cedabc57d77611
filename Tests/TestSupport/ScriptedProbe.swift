import Basics
public import LinkInterface

/// A probe that expects the transfers of a script, in order, and answers what the script says.
///
/// A script is text, one transfer a line; what stands after `#` names the command in failure messages:
///
///     > F2 36 F0 ED 00 E0         # DHCSR        a command block, filled up with zeros to 16 bytes
///     < 80 00 00 00 03 00 03 00                  the reply; as many bytes must have been asked for
///     >> 00 00 00 01                             write data, exactly these
///     < 09 00 of 12                              a reply that is shorter than asked for
///     ! timeout                                  the next transfer fails so (timeout, stall, gone, overflow, busy)
///     ! timeout 01 02                            the same, after these bytes had come in
///     clear 81                                   the stall of an endpoint is cleared
///     reset                                      the USB device is reset
///
/// The first thing that differs is kept in `complaint`, and thrown as a divergence.
public final class ScriptedProbe: USBDevice {
  public let identity: USBIdentity
  public let testClock: TestClock
  public var clock: any LinkClock { testClock }

  /// The first difference between what was expected and what happened; nil while there is none.
  public private(set) var complaint: String?
  /// Whether the probe has been given back.
  public private(set) var isClosed = false
  /// The size of each batch that was performed, in transfers.
  public private(set) var batchSizes: [Int] = []
  /// The time that each batch was given.
  public private(set) var limits: [Duration] = []

  private var steps: [ScriptStep]
  private var label = "the first command"

  /// Makes a probe with a product id and a script.
  public init(product: UInt16 = 0x3748, vendor: UInt16 = 0x0483, serial: String? = nil, _ script: String) {
    identity = USBIdentity(
      vendorID: vendor, productID: product, serial: serial.map(USBSerial.init(text:)),
      speed: .full, location: USBLocation(bus: 1, address: 2, ports: [3]))
    testClock = TestClock()
    steps = script.split(separator: "\n").compactMap { ScriptStep(line: String($0)) }
  }

  /// What is wrong: the first difference, or what the script still expects; nil when all went as written.
  public var verdict: String? {
    if let complaint { return complaint }
    guard let next = steps.first else { return nil }
    return "the script still expects \(steps.count) steps, next: \(next.text)"
  }

  /// Adds to the end of the script.
  public func append(_ script: String) {
    steps += script.split(separator: "\n").compactMap { ScriptStep(line: String($0)) }
  }

  public func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    batchSizes.append(transfers.count)
    limits.append(deadline.time - testClock.now)
    var results: [[UInt8]] = []
    for (index, transfer) in transfers.enumerated() {
      let step = try nextStep("\(ScriptStep.wording(of: transfer))")
      if case .failure(let reason, let partial) = step.kind {
        if reason == .timeout { testClock.wait(for: deadline.time - testClock.now) }
        throw LinkError(reason, at: index, of: transfers, completed: results, partial: partial)
      }
      results.append(try answer(step, transfer))
    }
    return results
  }

  public func clearStall(on endpoint: Endpoint) throws(LinkError) {
    let step = try nextStep("a stall is cleared")
    guard case .clearStall(endpoint.rawValue) = step.kind else {
      throw complain("expected \(step.text), but the stall of endpoint \(endpoint.rawValue) is cleared")
    }
  }

  public func reset() throws(LinkError) {
    let step = try nextStep("the device is reset")
    guard case .reset = step.kind else { throw complain("expected \(step.text), but the device is reset") }
  }

  public func close() {
    isClosed = true
  }

  private func nextStep(_ event: String) throws(LinkError) -> ScriptStep {
    guard complaint == nil else { throw complain("") }
    guard !isClosed else { throw LinkError(.closed) }
    guard !steps.isEmpty else { throw complain("the script has ended, but \(event)") }
    let step = steps.removeFirst()
    if let name = step.label { label = name }
    return step
  }

  private func answer(_ step: ScriptStep, _ transfer: Transfer) throws(LinkError) -> [UInt8] {
    switch (step.kind, transfer) {
    case (.output(let expected), .bulkOut(_, let bytes)):
      if let difference = ScriptStep.difference(expected, bytes) { throw complain(difference) }
      return []
    case (.input(let reply, let asked), .bulkIn(_, let byteCount)):
      guard asked == byteCount else { throw complain("\(byteCount) bytes are asked for instead of \(asked)") }
      return reply
    default:
      throw complain("expected \(step.text), but \(ScriptStep.wording(of: transfer))")
    }
  }

  private func complain(_ text: String) -> LinkError {
    complaint = complaint ?? "\(label): \(text)"
    return LinkError(.divergence(complaint ?? text))
  }
}

/// A clock that only moves when somebody waits, and remembers every wait.
public final class TestClock: LinkClock {
  public private(set) var now: Duration = .zero
  public private(set) var waits: [Duration] = []
  /// Called after every wait; nil for nothing.
  public var onWait: (() -> Void)?

  public init() {}

  public func wait(for duration: Duration) {
    guard duration > .zero else { return }
    waits.append(duration)
    now += duration
    onWait?()
  }
}

/// One line of a script.
struct ScriptStep {
  enum Kind: Equatable {
    case output([UInt8])
    case input([UInt8], asked: Int)
    case failure(LinkError.Reason, partial: [UInt8])
    case clearStall(UInt8)
    case reset
  }

  let kind: Kind
  let text: String
  let label: String?

  /// Reads a line; nil for one that holds nothing but a comment.
  init?(line: String) {
    let parts = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let words = parts[0].split(separator: " ").map(String.init)
    guard let first = words.first else { return nil }
    text = words.joined(separator: " ")
    let comment = parts.count > 1 ? parts[1].trimmed : ""
    let rest = Array(words.dropFirst())
    switch first {
    case ">":
      let bytes = ScriptStep.bytes(rest)
      kind = .output(bytes + [UInt8](repeating: 0, count: max(0, 16 - bytes.count)))
      label = comment.isEmpty ? rest.joined(separator: " ") : comment
    case ">>":
      kind = .output(ScriptStep.bytes(rest))
      label = nil
    case "<":
      let pieces = rest.split(separator: "of", omittingEmptySubsequences: false)
      let reply = ScriptStep.bytes(Array(pieces.first ?? []))
      kind = .input(reply, asked: pieces.count > 1 ? Int(pieces[1].joined()) ?? 0 : reply.count)
      label = nil
    case "!":
      kind = .failure(ScriptStep.reason(rest.first ?? ""), partial: ScriptStep.bytes(Array(rest.dropFirst())))
      label = nil
    case "clear":
      kind = .clearStall(ScriptStep.bytes(rest).first ?? 0)
      label = nil
    case "reset":
      kind = .reset
      label = nil
    default:
      preconditionFailure("a script line begins with >, >>, <, !, clear or reset: \(line)")
    }
  }

  static func wording(of transfer: Transfer) -> String {
    switch transfer {
    case .bulkOut(_, let bytes): "\(hexadecimal(bytes.prefix(16))) goes out (\(bytes.count) bytes)"
    case .bulkIn(_, let byteCount): "\(byteCount) bytes are asked for"
    case .controlOut, .controlIn: "a control transfer is made"
    }
  }

  /// The first difference between two byte strings, in words; nil where there is none.
  static func difference(_ expected: [UInt8], _ got: [UInt8]) -> String? {
    if let index = zip(expected, got).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      return "byte \(index) is \(hexadecimal([got[index]])) instead of \(hexadecimal([expected[index]]))"
        + " in \(hexadecimal(got.prefix(16)))"
    }
    return expected.count == got.count ? nil : "\(got.count) bytes go out instead of \(expected.count)"
  }

  private static func bytes(_ words: [String]) -> [UInt8] {
    words.map { word in
      guard let byte = UInt8(word, radix: 16) else { preconditionFailure("not a byte in a script: \(word)") }
      return byte
    }
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }

  private static func reason(_ word: String) -> LinkError.Reason {
    switch word {
    case "timeout": .timeout
    case "stall": .stall
    case "gone": .gone
    case "overflow": .overflow
    case "busy": .busy
    case "denied": .denied
    default: .other(code: -1, text: word)
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " })
  }
}

import Basics

/// Turns what went over a serial line into what the host had a ROM bootloader do (AN3155).
///
/// Works on any program's sessions: nothing is expected to be complete or to succeed. A frame that the bootloader refuses
/// ends its command.
public struct BootloaderDecoder {
  /// A command whose frames are still being collected.
  fileprivate struct OpenCommand {
    var positions: [Int]
    var start: Duration
    var end: Duration
    var command: BootloaderCommand
    /// What the host sent behind the command.
    var frames: [[UInt8]] = []
    /// What came behind the command and behind each frame.
    var answers: [[UInt8]] = [[]]
    var failure: String?
    var sentByteCount = 2

    /// Whether a frame has begun that nobody has answered: some hosts send it in parts.
    var isInFrame: Bool { !frames.isEmpty && answers.last?.isEmpty ?? false }
    /// Whether the host has nothing more to send for this command.
    var isComplete: Bool { frames.count >= command.frameCount || isRefused }
    /// Whether the last frame was refused.
    var isRefused: Bool { answers.last?.first == BootloaderByte.refusal }
  }

  private var operations: [DecodedOperation] = []
  private var open: OpenCommand?

  /// Decodes a session.
  public static func decode(_ events: [ObservedLineEvent]) -> [DecodedOperation] {
    var decoder = BootloaderDecoder()
    for (position, event) in events.enumerated() { decoder.add(event, at: position) }
    decoder.endCommand()
    return decoder.operations
  }

  private mutating func add(_ event: ObservedLineEvent, at position: Int) {
    switch event.kind {
    case .line(let words):
      endCommand()
      append(event, at: position, name: "line", subject: words)
    case .sent(let bytes): add(sent: bytes, event, at: position)
    case .received(let bytes): add(received: bytes, event, at: position)
    }
  }

  private mutating func add(sent bytes: [UInt8], _ event: ObservedLineEvent, at position: Int) {
    if open?.isInFrame ?? false { return extend(event, at: position) { $0.add(toFrame: bytes) } }
    if open?.isComplete ?? false { endCommand() }
    if open != nil { return extend(event, at: position) { $0.add(frame: bytes) } }
    if bytes.count == 2, bytes[0] == ~bytes[1] {
      guard let command = BootloaderCommand(rawValue: bytes[0]) else {
        return append(
          event, at: position, name: "command 0x\(Hexadecimal.digits(bytes[0], width: 2))", isKnown: false, sent: 2)
      }
      open = OpenCommand(
        positions: [position], start: event.start, end: event.end, command: command, failure: event.failure)
      return
    }
    let name = bytes == [BootloaderByte.synchronise] ? "Synchronise" : "bytes"
    append(
      event, at: position, name: name, outgoing: name == "bytes" ? .bytes(bytes) : nil, sent: bytes.count)
  }

  private mutating func add(received bytes: [UInt8], _ event: ObservedLineEvent, at position: Int) {
    if open != nil { return extend(event, at: position) { $0.answers[$0.answers.count - 1] += bytes } }
    guard let last = operations.last, last.name != "line", last.incoming == nil, last.problem == nil else {
      guard !bytes.isEmpty else { return }
      return append(event, at: position, name: "received", incoming: .bytes(bytes), received: bytes.count)
    }
    operations[operations.count - 1].transfers.append(position)
    operations[operations.count - 1].end = event.end
    operations[operations.count - 1].receivedByteCount += bytes.count
    operations[operations.count - 1].problem = event.failure
    if !bytes.isEmpty { operations[operations.count - 1].incoming = Self.answer(bytes) }
  }

  private mutating func extend(
    _ event: ObservedLineEvent, at position: Int, _ body: (inout OpenCommand) -> Void
  ) {
    guard var command = open else { return }
    command.positions.append(position)
    command.end = event.end
    command.failure = command.failure ?? event.failure
    body(&command)
    open = command
    // What fails on the line leaves nobody knowing which frame is next.
    if command.failure != nil { endCommand() }
  }

  // MARK: - Ends

  private mutating func endCommand() {
    guard let command = open else { return }
    open = nil
    let details = command.details
    operations.append(
      DecodedOperation(
        number: operations.count + 1, transfers: command.positions, start: command.start, end: command.end,
        name: command.command.name, subject: details.subject.flatMap { $0.isEmpty ? nil : $0 },
        address: details.address, outgoing: details.outgoing,
        incoming: details.incoming, problem: command.isRefused ? "refused (NACK)" : command.failure,
        sentByteCount: command.sentByteCount, receivedByteCount: command.answers.reduce(0) { $0 + $1.count }))
  }

  private mutating func append(
    _ event: ObservedLineEvent, at position: Int, name: String, isKnown: Bool = true, subject: String? = nil,
    outgoing: DecodedOperation.Payload? = nil, incoming: DecodedOperation.Payload? = nil, sent: Int = 0,
    received: Int = 0
  ) {
    operations.append(
      DecodedOperation(
        number: operations.count + 1, transfers: [position], start: event.start, end: event.end, name: name,
        isKnown: isKnown, subject: subject, outgoing: outgoing, incoming: incoming, problem: event.failure,
        sentByteCount: sent, receivedByteCount: received))
  }

  /// An answer of one byte by its name.
  private static func answer(_ bytes: [UInt8]) -> DecodedOperation.Payload {
    switch bytes {
    case [BootloaderByte.acknowledge]: .text("ACK")
    case [BootloaderByte.refusal]: .text("NACK")
    default: .bytes(bytes)
    }
  }
}

extension BootloaderDecoder.OpenCommand {
  /// Takes a frame that the host sends.
  fileprivate mutating func add(frame: [UInt8]) {
    frames.append(frame)
    answers.append([])
    sentByteCount += frame.count
  }

  /// Takes more of the frame that the host is sending.
  fileprivate mutating func add(toFrame bytes: [UInt8]) {
    frames[frames.count - 1] += bytes
    sentByteCount += bytes.count
  }

  /// What the frames and the answers say.
  fileprivate var details:
    (subject: String?, address: UInt32?, outgoing: DecodedOperation.Payload?, incoming: DecodedOperation.Payload?)
  {
    let address = command.hasAddress ? frames.first?.bigEndianAddress : nil
    let place = address.map { "at 0x" + Hexadecimal.digits($0, width: 8) }
    switch command {
    case .readMemory:
      let count = frames.dropFirst().first?.first.map { (Int($0) + 1).inBytes }
      return ([count, place].compactMap { $0 }.joined(separator: " "), address, nil, data(answers.last?.dropFirst()))
    case .writeMemory:
      let bytes = frames.dropFirst().first?.dropFirst().dropLast()
      return ([bytes?.count.inBytes, place].compactMap { $0 }.joined(separator: " "), address, data(bytes), ending)
    case .go: return (place, address, nil, ending)
    case .extendedErase, .writeProtect: return (sectors, nil, nil, ending)
    case .get, .getVersion, .getID:
      // An acknowledgement stands before and behind the list.
      return (nil, nil, nil, data(answers.last?.dropFirst().dropLast()))
    case .writeUnprotect, .readoutProtect, .readoutUnprotect: return (nil, nil, nil, ending)
    }
  }

  private func data(_ bytes: ArraySlice<UInt8>?) -> DecodedOperation.Payload? {
    bytes.flatMap { $0.isEmpty ? nil : .bytes(Array($0)) }
  }

  /// The acknowledgement of the last frame.
  private var ending: DecodedOperation.Payload? {
    answers.last?.first == BootloaderByte.acknowledge ? .text("ACK") : nil
  }

  /// Which sectors a list names (AN3155, 3.7 and 3.8).
  private var sectors: String? {
    guard let list = frames.first?.dropLast(), list.count >= 2 else { return nil }
    guard command == .extendedErase else {
      return "sectors " + list.dropFirst().map(String.init).joined(separator: " ")
    }
    let numbers = stride(from: list.startIndex, to: list.endIndex - 1, by: 2).map {
      Int(list[$0]) << 8 | Int(list[$0 + 1])
    }
    switch numbers[0] {
    case 0xFFFF: return "all"
    case 0xFFFE: return "bank 1"
    case 0xFFFD: return "bank 2"
    default: return "sectors " + numbers.dropFirst().map(String.init).joined(separator: " ")
    }
  }
}

extension BootloaderCommand {
  /// How many frames the host sends behind the command (AN3155, 3).
  fileprivate var frameCount: Int {
    switch self {
    case .readMemory, .writeMemory: 2
    case .go, .extendedErase, .writeProtect: 1
    case .get, .getVersion, .getID, .writeUnprotect, .readoutProtect, .readoutUnprotect: 0
    }
  }

  /// Whether the first frame is an address.
  fileprivate var hasAddress: Bool { self == .readMemory || self == .writeMemory || self == .go }
}

extension [UInt8] {
  /// The address of a frame: four bytes, the highest first, and their XOR.
  fileprivate var bigEndianAddress: UInt32? {
    count == 5 ? prefix(4).reduce(0) { $0 << 8 | UInt32($1) } : nil
  }
}

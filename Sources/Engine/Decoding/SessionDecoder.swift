import Basics
import LinkInterface

/// Turns the transfers of a session into what the host had the probe do.
///
/// Works on any program's sessions: nothing is expected to have a certain order, to be complete, or to succeed. A command
/// that asks how the last memory command went counts as part of that command.
public struct SessionDecoder {
  /// A command whose parts are still being collected.
  private struct OpenCommand {
    var block: [UInt8]
    var transfers: [Int]
    var start: Duration?
    var end: Duration?
    var output: [UInt8] = []
    var reply: [UInt8]?
    var statusQuery: [UInt8]?
    var statusReply: [UInt8]?
    var problem: String?
    var sentByteCount: Int
    var receivedByteCount = 0
    /// Whether the last transfer of the reply was full, so that the rest may come in another one.
    var isReplyOpen = false

    var command: CommandVocabulary? { CommandVocabulary.command(in: block) }

    /// The bytes that a memory command announces.
    var announcedByteCount: Int? {
      command?.arguments == .memory && block.count >= 8 ? Int(block.littleEndianHalfword(at: 6)) : nil
    }

    /// The bytes of the whole reply; nil where they are not known.
    var replyByteCount: Int? {
      if case .bytes(let count) = STLinkOpcode(block: block)?.reply { count } else { announcedByteCount }
    }

    /// Whether write data are to come.
    var awaitsOutput: Bool {
      guard let command, command.hasOutput, problem == nil else { return false }
      return announcedByteCount.map { output.count < $0 } ?? output.isEmpty
    }

    /// Whether a reply is to come, apart from that to a status query.
    var awaitsReply: Bool {
      guard command?.reply != CommandVocabulary.Reply.none else { return false }
      return reply == nil || isReplyOpen
    }

    /// Takes a transfer as a part of the command.
    mutating func add(_ transfer: ObservedTransfer, at index: Int) {
      transfers.append(index)
      end = transfer.completed ?? end
      sentByteCount += transfer.sent.count
      receivedByteCount += transfer.received.count
      problem = problem ?? SessionDecoder.problem(of: transfer)
    }
  }

  /// Replies to commands come on this endpoint of every probe; the other IN endpoint carries SWO data.
  private static let replies = Endpoint.input(1)

  /// The operations that are over and have not been given away.
  private var operations: [DecodedOperation] = []
  private var operationCount = 0
  private var transferCount = 0
  private var open: OpenCommand?
  private var loader = LoaderTraffic()
  private var dfu = DFUDecoder()

  /// Makes a decoder at the begin of a session.
  public init() {}

  /// The operations of a session.
  ///
  /// - Parameter transfers: the transfers of the debug interface, in the order in which they ended.
  public static func decode(_ transfers: [ObservedTransfer]) -> [DecodedOperation] {
    var decoder = SessionDecoder()
    for transfer in transfers { decoder.take(transfer) }
    decoder.closeCommand()
    return decoder.operations
  }

  /// Goes on with a session that is still under way.
  ///
  /// - Returns: the operations that have ended, which is known of a command when the next one begins.
  public mutating func add(_ transfer: ObservedTransfer) -> [DecodedOperation] {
    take(transfer)
    defer { operations = [] }
    return operations
  }

  /// Ends the session, or a client's part of it, and gives its last operation.
  public mutating func finish() -> [DecodedOperation] {
    closeCommand()
    defer { operations = [] }
    return operations
  }

  /// Whether a session finds its probe connected to the target: it uses the target before it has the probe connect.
  public static func beginsConnected(_ operations: [DecodedOperation]) -> Bool {
    let connecting = [STLinkOpcode.enter.name, "ENTER_V1"]
    let needing = [STLinkOpcode.readDebugRegister, .writeDebugRegister, .readMemory32, .readMemory8, .writeMemory32]
      .map(\.name)
    let first = operations.first { operation in
      connecting.contains(operation.name) || needing.contains(operation.name)
        || operation.name == STLinkOpcode.getCurrentMode.name
          && operation.incoming == .text(STLinkMode.debug.title)
    }
    return first.map { !connecting.contains($0.name) } ?? false
  }

  private mutating func take(_ transfer: ObservedTransfer) {
    let index = transferCount
    transferCount += 1
    switch transfer.request {
    case .bulkOut(_, let bytes): takeOutput(bytes, transfer, at: index)
    case .bulkIn(SessionDecoder.replies, let byteCount): takeReply(transfer, byteCount: byteCount, at: index)
    case .bulkIn: append(transfer, at: index, name: "SWO_DATA")
    case .controlOut(let setup, let bytes):
      append(transfer, at: index, name: ControlNames.name(setup), outgoing: bytes, setup: setup)
    case .controlIn(let setup): append(transfer, at: index, name: ControlNames.name(setup), setup: setup)
    }
  }

  private mutating func takeOutput(_ bytes: [UInt8], _ transfer: ObservedTransfer, at index: Int) {
    if let command = open, command.awaitsOutput {
      open?.add(transfer, at: index)
      open?.output += bytes
    } else if let command = open, command.announcedByteCount != nil, command.statusQuery == nil,
      CommandVocabulary.isStatusQuery(bytes)
    {
      open?.add(transfer, at: index)
      open?.statusQuery = bytes
    } else {
      closeCommand()
      open = OpenCommand(block: bytes, transfers: [], start: transfer.submitted ?? transfer.completed, sentByteCount: 0)
      open?.add(transfer, at: index)
    }
  }

  private mutating func takeReply(_ transfer: ObservedTransfer, byteCount: Int, at index: Int) {
    guard let command = open, command.awaitsReply || command.statusQuery != nil && command.statusReply == nil else {
      return append(transfer, at: index, name: "REPLY_WITHOUT_COMMAND")
    }
    open?.add(transfer, at: index)
    if command.awaitsReply {
      let reply = (command.reply ?? []) + transfer.received
      open?.reply = reply
      let isFull = transfer.received.count == byteCount
      open?.isReplyOpen = isFull && command.replyByteCount.map { reply.count < $0 } ?? false
    } else {
      open?.statusReply = transfer.received
    }
  }

  private static func problem(of transfer: ObservedTransfer) -> String? {
    if let failure = transfer.failure { return failure }
    return transfer.hasEnd ? nil : "end not recorded"
  }

  /// Adds a transfer that is an operation by itself.
  private mutating func append(
    _ transfer: ObservedTransfer, at index: Int, name: String, outgoing: [UInt8] = [], setup: ControlSetup? = nil
  ) {
    closeCommand()
    var operation = DecodedOperation(
      number: nextNumber(), transfers: [index], start: transfer.submitted ?? transfer.completed,
      end: transfer.completed, name: name)
    if !outgoing.isEmpty { operation.outgoing = .bytes(outgoing) }
    if !transfer.received.isEmpty { operation.incoming = .bytes(transfer.received) }
    operation.problem = SessionDecoder.problem(of: transfer)
    operation.sentByteCount = outgoing.count
    operation.receivedByteCount = transfer.received.count
    if let setup { dfu.describe(&operation, setup, sent: outgoing, received: transfer.received) }
    end(operation)
  }

  private mutating func end(_ operation: DecodedOperation) {
    var operation = operation
    operation.meaning = loader.meaning(of: operation).map { "loader: \($0)" }
    operations.append(operation)
  }

  private mutating func nextNumber() -> Int {
    operationCount += 1
    return operationCount
  }

  private mutating func closeCommand() {
    guard let command = open else { return }
    open = nil
    var operation = DecodedOperation(
      number: nextNumber(), transfers: command.transfers, start: command.start, end: command.end, name: "")
    operation.sentByteCount = command.sentByteCount
    operation.receivedByteCount = command.receivedByteCount
    operation.problem = command.problem
    operation.lacksReply = command.reply == nil && command.command != nil && command.awaitsReply
    CommandDetails(
      block: command.block, output: command.output, reply: command.reply, statusReply: command.statusReply
    ).describe(&operation)
    end(operation)
  }
}

/// Names of control requests (USB 2.0, tables 9-4 and 9-5).
enum ControlNames {
  private static let requests: [UInt8: String] = [
    0: "GET_STATUS", 1: "CLEAR_FEATURE", 3: "SET_FEATURE", 5: "SET_ADDRESS", 6: "GET_DESCRIPTOR",
    8: "GET_CONFIGURATION", 9: "SET_CONFIGURATION", 10: "GET_INTERFACE", 11: "SET_INTERFACE",
  ]
  private static let descriptors: [UInt8: String] = [
    1: "device", 2: "configuration", 3: "string", 6: "device qualifier", 15: "BOS",
  ]

  /// The request in words: "GET_DESCRIPTOR string 3".
  static func name(_ setup: ControlSetup) -> String {
    guard setup.requestType & 0x60 == 0, let name = requests[setup.request] else {
      return "CONTROL " + Hexadecimal.byte(setup.requestType) + " " + Hexadecimal.byte(setup.request)
    }
    let type = UInt8(truncatingIfNeeded: setup.value >> 8)
    let number = UInt8(truncatingIfNeeded: setup.value)
    switch setup.request {
    case 6: return "\(name) \(descriptors[type] ?? Hexadecimal.byte(type))" + (number == 0 ? "" : " \(number)")
    case 1 where setup.requestType == 2:
      return "\(name) halt of endpoint " + Hexadecimal.byte(UInt8(truncatingIfNeeded: setup.index))
    default: return setup.value == 0 ? name : "\(name) \(setup.value)"
    }
  }
}

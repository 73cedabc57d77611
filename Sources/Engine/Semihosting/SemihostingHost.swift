import Basics
import LinkInterface

/// Answers the semihosting calls of a halted program.
///
/// The program stands at `BKPT 0xAB` with the operation in R0 and its parameter in R1 ("The semihosting interface"). What it
/// may reach of the host is decided by `SemihostingFiles`; pointers that do not lie in the chip's memory are answered with an
/// error, and SYS_SYSTEM always is.
final class SemihostingHost {
  /// The halfword of `BKPT 0xAB`.
  static let instruction: UInt16 = 0xBEAB
  /// The most bytes that one call moves: more than any RAM has.
  private static let mostBytes = 1 << 20
  /// The longest name of a file.
  private static let longestName = 4096
  /// The most files that a program may have open.
  private static let mostHandles = 64

  /// What has become of a call.
  enum Outcome {
    /// R0 gets this value, and the program goes on behind the instruction.
    case returns(UInt32)
    /// The program waits for input that has not come yet: the call is made again.
    case waits
    /// The program says that it is done.
    case ends(SemihostingExit)
  }

  /// What is told of a call.
  enum Output {
    case standard([UInt8])
    case error([UInt8])
  }

  private let memory: any TargetMemory
  private let access: any DebugAccess
  private let readable: [Range<UInt32>]
  private let writable: [Range<UInt32>]
  private let files: any SemihostingFiles
  private let commandLine: [UInt8]
  private let started: Duration
  private var handles: [UInt32: SemihostingHandle] = [:]
  private var lastError: UInt32 = 0
  /// What the program has written since it was last taken.
  private var written: [Output] = []
  /// How many calls have been answered.
  private(set) var callCount = 0
  /// Operations that were refused because there are none, each once.
  private(set) var unknownOperations: Set<UInt32> = []

  /// Makes a host for one run of a program.
  ///
  /// - Parameters:
  ///   - readable: the memories that a pointer to data may point into.
  ///   - writable: the memories that answers may be written to.
  init(
    _ access: any DebugAccess, readable: [Range<UInt32>], writable: [Range<UInt32>], files: any SemihostingFiles,
    commandLine: [UInt8]
  ) {
    memory = access
    self.access = access
    self.readable = readable
    self.writable = writable
    self.files = files
    self.commandLine = commandLine
    started = access.clock.now
  }

  /// Takes what the program has written.
  func takeOutput() -> [Output] {
    defer { written = [] }
    return written
  }

  /// Forgets what a program had open that has been reset, and closes its files.
  func hasBeenReset() {
    for case .file(let file) in handles.values { try? file.close() }
    handles = [:]
  }

  /// Answers a call.
  func answer(_ number: UInt32, _ parameter: UInt32) throws(DebugError) -> Outcome {
    callCount += 1
    guard let operation = SemihostingOperation(rawValue: number) else {
      unknownOperations.insert(number)
      lastError = SemihostingFileError.notImplemented.number
      return .returns(.max)
    }
    do throws(CallFailure) {
      return try perform(operation, parameter)
    } catch {
      switch error {
      case .access(let error): throw error
      case .file(let error):
        lastError = error.number
        return .returns(.max)
      }
    }
  }

  /// What keeps a call from being carried out: the link, or something that the program is told.
  enum CallFailure: Error {
    case access(DebugError)
    case file(SemihostingFileError)
  }

  private func perform(_ operation: SemihostingOperation, _ parameter: UInt32) throws(CallFailure) -> Outcome {
    switch operation {
    case .open: return .returns(try open(parameter))
    case .close: return .returns(try close(parameter))
    case .writeCharacter:
      written.append(.standard(try bytes(at: parameter, 1)))
      return .returns(0)
    case .writeString:
      written.append(.standard(try string(at: parameter)))
      return .returns(0)
    case .write: return .returns(try write(parameter))
    case .read: return try read(parameter)
    case .readCharacter: return readCharacter()
    case .isError: return .returns(Int32(bitPattern: try words(at: parameter, 1)[0]) < 0 ? 1 : 0)
    case .isTerminal: return .returns(try isTerminal(parameter))
    case .seek: return .returns(try seek(parameter))
    case .fileLength: return .returns(try fileLength(parameter))
    case .temporaryName: return .returns(try temporaryName(parameter))
    case .remove: return .returns(try remove(parameter))
    case .rename: return .returns(try rename(parameter))
    case .clock: return .returns(UInt32(truncatingIfNeeded: elapsedNanoseconds / 10_000_000))
    case .time: return .returns(files.secondsSince1970)
    case .system: throw .file(.denied)
    case .errorNumber: return .returns(lastError)
    case .commandLine: return .returns(try tellCommandLine(parameter))
    case .heapInfo: return .returns(try tellHeap(parameter))
    case .exit: return .ends(SemihostingExit(SemihostingExitReason(rawValue: parameter), code: nil))
    case .exitExtended:
      let fields = try words(at: parameter, 2)
      return .ends(SemihostingExit(SemihostingExitReason(rawValue: fields[0]), code: fields[1]))
    case .elapsed:
      let time = elapsedNanoseconds
      try put(words: [UInt32(truncatingIfNeeded: time), UInt32(truncatingIfNeeded: time >> 32)], at: parameter)
      return .returns(0)
    case .tickFrequency: return .returns(1_000_000_000)
    }
  }

  private var elapsedNanoseconds: Int64 {
    let (seconds, attoseconds) = (memory.clock.now - started).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}

// MARK: - Files

extension SemihostingHost {
  private func open(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 3)
    guard let mode = SemihostingFileMode(rawValue: fields[1]) else { throw .file(.invalid) }
    guard fields[2] <= SemihostingHost.longestName else { throw .file(.invalid) }
    let name = String(decoding: try bytes(at: fields[0], Int(fields[2])), as: UTF8.self)
    let number = (1...UInt32(SemihostingHost.mostHandles)).first { handles[$0] == nil }
    guard let number else { throw .file(.tooMany) }
    handles[number] = try onFiles { () throws(SemihostingFileError) in
      if let special = try SemihostingHandle.special(name, mode) { return special }
      return .file(try files.open(name, mode))
    }
    return number
  }

  private func close(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let number = try words(at: parameter, 1)[0]
    let handle = try self.handle(number)
    handles[number] = nil
    if case .file(let file) = handle { try onFiles { () throws(SemihostingFileError) in try file.close() } }
    return 0
  }

  /// - Returns: how many bytes were not written.
  private func write(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 3)
    let handle = try self.handle(fields[0])
    let content = try bytes(at: fields[1], Int(fields[2]))
    switch handle {
    case .output: written.append(.standard(content))
    case .error: written.append(.error(content))
    case .file(let file): try onFiles { () throws(SemihostingFileError) in try file.write(content) }
    case .input, .features: throw .file(.badHandle)
    }
    return 0
  }

  /// Answers with how many bytes were not read.
  private func read(_ parameter: UInt32) throws(CallFailure) -> Outcome {
    let fields = try words(at: parameter, 3)
    let handle = try self.handle(fields[0])
    let count = Int(fields[2])
    try check(fields[1], count, in: writable)
    let content: [UInt8]
    switch handle {
    case .input:
      guard let input = files.readInput(atMost: count, isAwaited: true) else { return .waits }
      content = input
    case .features(let position):
      content = Array(SemihostingHandle.features.dropFirst(position).prefix(count))
      handles[fields[0]] = .features(position: position + content.count)
    case .file(let file): content = try onFiles { () throws(SemihostingFileError) in try file.read(atMost: count) }
    case .output, .error: throw .file(.badHandle)
    }
    if !content.isEmpty { try put(content, at: fields[1]) }
    return .returns(UInt32(count - content.count))
  }

  private func readCharacter() -> Outcome {
    guard let input = files.readInput(atMost: 1, isAwaited: true) else { return .waits }
    return .returns(input.first.map(UInt32.init) ?? .max)
  }

  private func isTerminal(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    switch try handle(try words(at: parameter, 1)[0]) {
    case .input: files.isInputTerminal ? 1 : 0
    // A terminal, whatever it is: libraries then hand over line by line and not by the kilobyte.
    case .output, .error: 1
    case .features, .file: 0
    }
  }

  private func seek(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 2)
    switch try handle(fields[0]) {
    case .features:
      guard fields[1] <= SemihostingHandle.features.count else { throw .file(.invalid) }
      handles[fields[0]] = .features(position: Int(fields[1]))
    case .file(let file): try onFiles { () throws(SemihostingFileError) in try file.seek(to: Int(fields[1])) }
    case .input, .output, .error: throw .file(.invalid)
    }
    return 0
  }

  private func fileLength(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    switch try handle(try words(at: parameter, 1)[0]) {
    case .features: return UInt32(SemihostingHandle.features.count)
    case .file(let file):
      let length = try onFiles { () throws(SemihostingFileError) in try file.length() }
      guard let short = UInt32(exactly: length), short != .max else { throw .file(.tooBig) }
      return short
    case .input, .output, .error: throw .file(.invalid)
    }
  }

  /// The same number gives the same name in one run.
  private func temporaryName(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 3)
    let name = Array("stflash-\(fields[1]).tmp".utf8) + [0]
    guard fields[1] < 256, name.count <= fields[2] else { throw .file(.invalid) }
    try put(name, at: fields[0])
    return 0
  }

  private func remove(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 2)
    let name = try self.name(at: fields[0], fields[1])
    try onFiles { () throws(SemihostingFileError) in try files.remove(name) }
    return 0
  }

  private func rename(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 4)
    let (old, new) = (try name(at: fields[0], fields[1]), try name(at: fields[2], fields[3]))
    try onFiles { () throws(SemihostingFileError) in try files.rename(old, to: new) }
    return 0
  }

  private func handle(_ number: UInt32) throws(CallFailure) -> SemihostingHandle {
    guard let handle = handles[number] else { throw .file(.badHandle) }
    return handle
  }

  private func name(at address: UInt32, _ length: UInt32) throws(CallFailure) -> String {
    guard length <= SemihostingHost.longestName else { throw .file(.invalid) }
    return String(decoding: try bytes(at: address, Int(length)), as: UTF8.self)
  }

  private func onFiles<Value>(_ body: () throws(SemihostingFileError) -> Value) throws(CallFailure) -> Value {
    do throws(SemihostingFileError) { return try body() } catch { throw .file(error) }
  }
}

// MARK: - The program and its memory

extension SemihostingHost {
  /// The text ends with a zero byte; its length is told without.
  private func tellCommandLine(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let fields = try words(at: parameter, 2)
    guard commandLine.count < fields[1] else { throw .file(.invalid) }
    try put(commandLine + [0], at: fields[0])
    try put(words: [UInt32(commandLine.count)], at: parameter + 4)
    return 0
  }

  /// Four zeros: the linker script knows better, and libraries go by it then.
  private func tellHeap(_ parameter: UInt32) throws(CallFailure) -> UInt32 {
    let block = try words(at: parameter, 1)[0]
    try put(words: [0, 0, 0, 0], at: block)
    return parameter
  }

  private func check(_ address: UInt32, _ count: Int, in ranges: [Range<UInt32>]) throws(CallFailure) {
    guard count <= SemihostingHost.mostBytes,
      ranges.contains(where: { $0.contains(address) && count <= Int($0.upperBound - address) })
    else { throw .file(.badAddress) }
  }

  private func bytes(at address: UInt32, _ count: Int) throws(CallFailure) -> [UInt8] {
    if count == 0 { return [] }
    try check(address, count, in: readable)
    do throws(DebugError) {
      return try memory.readMemory(at: address, byteCount: count)
    } catch {
      throw .access(error)
    }
  }

  private func words(at address: UInt32, _ count: Int) throws(CallFailure) -> [UInt32] {
    let content = try bytes(at: address, count * 4)
    return (0..<count).map { content.littleEndianWord(at: $0 * 4) }
  }

  /// A text that ends with a zero byte, read in blocks, never beyond the memory that it lies in.
  private func string(at address: UInt32) throws(CallFailure) -> [UInt8] {
    guard let range = readable.first(where: { $0.contains(address) }) else { throw .file(.badAddress) }
    var text: [UInt8] = []
    var position = address
    while position < range.upperBound, text.count < SemihostingHost.mostBytes {
      // Up to a boundary of 64 bytes: most texts are short.
      let end = min(range.upperBound, (position & ~63) + 64)
      let block = try bytes(at: position, Int(end - position))
      if let zero = block.firstIndex(of: 0) { return text + block[..<zero] }
      text += block
      position = end
    }
    return text
  }

  private func put(_ content: [UInt8], at address: UInt32) throws(CallFailure) {
    try check(address, content.count, in: writable)
    do throws(DebugError) {
      try access.writeMemory(content, at: address)
    } catch {
      throw .access(error)
    }
  }

  private func put(words: [UInt32], at address: UInt32) throws(CallFailure) {
    try put(words.flatMap(\.littleEndianBytes), at: address)
  }
}

/// How a program says that it ends.
public struct SemihostingExit: Sendable, Hashable {
  /// Why.
  public var reason: SemihostingExitReason
  /// The exit code of SYS_EXIT_EXTENDED; nil for SYS_EXIT, which has none.
  public var code: UInt32?

  /// Makes an end.
  public init(_ reason: SemihostingExitReason, code: UInt32?) {
    self.reason = reason
    self.code = code
  }

  /// The code for a shell: the program's own; 0 for one that is done without saying more, 1 for every other reason.
  ///
  /// A code that a shell cannot take is 255 and never 0.
  public var status: UInt8 {
    guard reason == .applicationExit else { return code.map { UInt8(clamping: max($0, 1)) } ?? 1 }
    return UInt8(clamping: code ?? 0)
  }
}

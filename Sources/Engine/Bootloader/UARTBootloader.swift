import Basics
import Failures
public import LinkInterface

/// A chip's ROM bootloader at a serial line: the host's side of AN3155.
///
/// Every call ends with the bootloader waiting for a command, or with an error. What a bad wire has spoilt is brought in
/// order and repeated where that changes nothing; what the bootloader refuses is not.
public final class UARTBootloader {
  /// The serial line.
  let line: any SerialLine
  private let interruption: Interruption?
  private let baudRate: Int
  /// How the chip is brought into its bootloader; nil where somebody does it by hand.
  let sequence: BootSequence?
  /// The pins of this computer that a sequence may drive; nil where there are none.
  let pins: (any HostPins)?
  /// Is told of every repetition.
  var onRepetition: (Advice) -> Void = { _ in }
  /// The commands that it has, as Get lists them.
  private(set) var commands: Set<UInt8> = []
  /// The version of its protocol: 0x31 is 3.1.
  private(set) var protocolVersion: UInt8 = 0

  /// How long an answer may take beside what it waits for: an adapter's latency timer and a busy host.
  static let patience: Duration = .milliseconds(1000)
  /// How long the first answer may take, which comes at once or never, and how often it is asked for: a bootloader that
  /// has just been reset listens after up to 230 ms (AN2606).
  private static let synchronisingPatience: Duration = .milliseconds(100)
  private static let synchronisingCount = 10
  /// How long a second refusal may be behind a first one (AN2606: some versions refuse twice).
  private static let drainTime: Duration = .milliseconds(20)
  /// The most that one block holds.
  static let blockByteCount = 256
  /// How often a block is tried that the wire has spoilt.
  private static let attemptCount = 8

  /// Makes a bootloader of an open line.
  init(
    line: any SerialLine, baudRate: Int, sequence: BootSequence?, pins: (any HostPins)? = nil,
    interruption: Interruption?
  ) {
    self.line = line
    self.baudRate = baudRate
    self.sequence = sequence
    self.pins = pins
    self.interruption = interruption
  }

  // MARK: - Synchronising

  /// Sets the line up and gets an answer; the bootloader measures the baud rate by the first character.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for somebody who resets the chip; zero does not wait.
  ///   - whileWaiting: is called once, when it is clear that nobody is there yet.
  func connect(patience: Duration = .zero, whileWaiting: () -> Void = {}) throws(DebugError) {
    try serially("setting the line up") { () throws(SerialError) in
      try line.configure(SerialSettings(baudRate: baudRate, parity: .even))
      try line.discardInput()
    }
    guard try synchronise(by: clock.deadline(after: patience), whileWaiting) else {
      throw .bootloader(.silent(port: line.identity.name, bySequence: sequence != nil), during: "synchronising")
    }
    try askForCommands()
  }

  /// Get is refused by no protection: where it fails, the bootloader hears something else than what is said.
  private func askForCommands() throws(DebugError) {
    do throws(DebugError) {
      try repeating { () throws(DebugError) in try readCommands() }
    } catch {
      guard error.mayBeOfTheLine else { throw error }
      throw .bootloader(.deaf, during: BootloaderCommand.get.name)
    }
  }

  /// 0x7F is answered by a bootloader that has just started; one that is waiting for a command takes two of them for one
  /// that it does not know (AN3155, 2.1).
  ///
  /// - Returns: whether it has answered.
  private func synchronise(by deadline: Deadline, _ whileWaiting: () -> Void) throws(DebugError) -> Bool {
    var attempt = 0
    while attempt < Self.synchronisingCount || !clock.hasPassed(deadline) {
      attempt += 1
      if attempt == Self.synchronisingCount / 2, !clock.hasPassed(deadline) { whileWaiting() }
      try checkInterruption()
      try send([BootloaderByte.synchronise], "synchronising")
      switch try answerIfAny(within: Self.synchronisingPatience, "synchronising") {
      case BootloaderByte.acknowledge?: return true
      case BootloaderByte.refusal?:
        try drain()
        return true
      case BootloaderByte.synchronise?: throw .bootloader(.echo, during: "synchronising")
      case let other?:
        // A line that floats until the bootloader drives it gives zeros before the answer. Else the rest of what talks
        // there says more than its first byte.
        let heard = [other] + (try rest())
        let answer = Array(heard.drop { $0 == 0 })
        guard answer == [BootloaderByte.acknowledge] || answer == [BootloaderByte.refusal] else {
          throw .bootloader(.foreign(heard), during: "synchronising")
        }
        return true
      case nil: continue
      }
    }
    // A program that was killed may have left it in the middle of a block.
    guard try resynchronise() else { return false }
    onRepetition("the bootloader was in the middle of a command, as a program leaves it that was killed")
    return true
  }

  /// Completes whatever the bootloader waits for, byte by byte, until it refuses: it waits for a command then.
  ///
  /// 0xFF is no command and no length that makes sense of what follows; a block that it completes by chance programs ones,
  /// which change nothing.
  ///
  /// - Returns: whether it has answered.
  private func resynchronise() throws(DebugError) -> Bool {
    let step = line.settings.duration(ofCharacters: 3) + .milliseconds(2)
    for _ in 0..<2 * Self.blockByteCount {
      try checkInterruption()
      try send([0xFF], "synchronising anew")
      guard try answerIfAny(within: step, "synchronising anew") == BootloaderByte.refusal else { continue }
      try drain()
      return true
    }
    return false
  }

  private func readCommands() throws(DebugError) {
    try command(.get)
    let count = Int(try receive(1, within: Self.patience, BootloaderCommand.get.name)[0]) + 1
    let list = try receive(count, within: Self.patience, BootloaderCommand.get.name)
    try acknowledgement(within: Self.patience, BootloaderCommand.get.name)
    protocolVersion = list[0]
    commands = Set(list.dropFirst())
  }

  // MARK: - Commands

  /// The chip's number: its DEV_ID.
  func identifier() throws(DebugError) -> UInt16 {
    try repeating { () throws(DebugError) in
      let name = BootloaderCommand.getID.name
      try command(.getID)
      let count = Int(try receive(1, within: Self.patience, name)[0]) + 1
      let bytes = try receive(count, within: Self.patience, name)
      try acknowledgement(within: Self.patience, name)
      return bytes.reduce(0) { $0 << 8 | UInt16($1) }
    }
  }

  /// Reads at most 256 bytes.
  func read(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    try repeating { () throws(DebugError) in
      let name = BootloaderCommand.readMemory.name
      try command(.readMemory)
      try self.address(address, name)
      let count = UInt8(byteCount - 1)
      try exchange([count, ~count], within: Self.patience, name, at: address)
      return try receive(byteCount, within: Self.patience, name)
    }
  }

  /// Writes at most 256 bytes, whole words, to an address of a word.
  ///
  /// - Parameter duration: what programming takes at the longest.
  func write(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError) {
    try repeating { () throws(DebugError) in
      let name = BootloaderCommand.writeMemory.name
      try command(.writeMemory)
      try self.address(address, name)
      let block = [UInt8(bytes.count - 1)] + bytes
      try exchange(block + [block.parityByte], within: Self.patience + duration, name, at: address)
    }
  }

  /// Erases sectors by their numbers.
  func erase(sectors: [Int], taking duration: Duration) throws(DebugError) {
    let numbers = ([sectors.count - 1] + sectors).flatMap { UInt16(truncatingIfNeeded: $0).bigEndianBytes }
    try erase(numbers, taking: duration)
  }

  /// Erases whole banks: the first, the second, or all.
  func erase(banks: [Int], of count: Int, taking duration: Duration) throws(DebugError) {
    let code: UInt16 = banks.count == count ? 0xFFFF : banks == [1] ? 0xFFFE : 0xFFFD
    try erase(code.bigEndianBytes, taking: duration)
  }

  private func erase(_ list: [UInt8], taking duration: Duration) throws(DebugError) {
    try repeating { () throws(DebugError) in
      let name = BootloaderCommand.extendedErase.name
      try command(.extendedErase)
      try exchange(list + [list.parityByte], within: Self.patience + duration, name)
    }
  }

  /// Starts the program whose vector table is at an address; the bootloader is gone then.
  func go(to address: UInt32) throws(DebugError) {
    try command(.go)
    try self.address(address, BootloaderCommand.go.name)
  }

  /// A command that works on the option bytes and ends in a reset of the chip.
  func changeProtection(_ command: BootloaderCommand, taking duration: Duration) throws(DebugError) {
    try self.command(command)
    try acknowledgement(within: Self.patience + duration, command.name)
  }

  // MARK: - Repeating

  /// Does something again that the wire may have spoilt; what is refused every time is refused.
  private func repeating<Result>(_ body: () throws(DebugError) -> Result) throws(DebugError) -> Result {
    var attempt = 1
    while true {
      do throws(DebugError) {
        return try body()
      } catch {
        guard error.mayBeOfTheLine, attempt < Self.attemptCount else { throw error }
        // Where a length was lost a part of the block was taken for commands, and half of one may be left.
        guard try resynchronise() else { throw error }
        onRepetition("\(error.report.summary); done once more")
        attempt += 1
      }
    }
  }

  // MARK: - Parts

  /// Sends a command; the bootloader has taken it then.
  private func command(_ command: BootloaderCommand) throws(DebugError) {
    try checkInterruption()
    try exchange([command.rawValue, ~command.rawValue], within: Self.patience, command.name, isCommand: true)
  }

  private func address(_ address: UInt32, _ name: String) throws(DebugError) {
    let bytes = address.bigEndianBytes
    try exchange(bytes + [bytes.parityByte], within: Self.patience, name, at: address)
  }

  private func exchange(
    _ bytes: [UInt8], within limit: Duration, _ name: String, at address: UInt32? = nil, isCommand: Bool = false
  ) throws(DebugError) {
    try send(bytes, name)
    try acknowledgement(within: limit, name, at: address, isCommand: isCommand)
  }

  private func acknowledgement(
    within limit: Duration, _ name: String, at address: UInt32? = nil, isCommand: Bool = false
  ) throws(DebugError) {
    switch try answerIfAny(within: limit, name) {
    case BootloaderByte.acknowledge?: return
    case BootloaderByte.refusal?:
      try drain()
      throw .bootloader(.refused(isCommand: isCommand), during: name, address: address)
    case let other?: throw .bootloader(.garbled(other), during: name)
    case nil: throw .bootloader(.mute, during: name)
    }
  }

  private func answerIfAny(within limit: Duration, _ name: String) throws(DebugError) -> UInt8? {
    do throws(SerialError) {
      return try line.receive(1, within: limit).first
    } catch {
      if error.reason == .timeout { return nil }
      throw .serial(error, during: name)
    }
  }

  private func receive(_ byteCount: Int, within limit: Duration, _ name: String) throws(DebugError) -> [UInt8] {
    do throws(SerialError) {
      return try line.receive(byteCount, within: limit + line.settings.duration(ofCharacters: byteCount))
    } catch {
      if error.reason == .timeout { throw .bootloader(.mute, during: name) }
      throw .serial(error, during: name)
    }
  }

  private func send(_ bytes: [UInt8], _ name: String) throws(DebugError) {
    try serially(name) { () throws(SerialError) in
      try line.send(bytes, within: Self.patience + line.settings.duration(ofCharacters: bytes.count))
    }
  }

  /// What else comes in a moment.
  private func rest() throws(DebugError) -> [UInt8] {
    do throws(SerialError) {
      return try line.receive(Self.blockByteCount, within: Self.drainTime)
    } catch {
      if error.reason == .timeout { return error.received }
      throw .serial(error, during: "synchronising")
    }
  }

  private func drain() throws(DebugError) { _ = try rest() }

  /// Does something with the line.
  func serially(_ name: String, _ body: () throws(SerialError) -> Void) throws(DebugError) {
    do throws(SerialError) {
      try body()
    } catch {
      throw .serial(error, during: name)
    }
  }

  private func checkInterruption() throws(DebugError) {
    if interruption?.isRequested ?? false { throw .interrupted }
  }
}

extension UARTBootloader {
  /// The line's clock.
  public var clock: any LinkClock { line.clock }

  /// Reads a word.
  public func readWord(at address: UInt32) throws(DebugError) -> UInt32 {
    try readMemory(at: address, byteCount: 4).littleEndianWord(at: 0)
  }

  /// Reads memory block by block.
  public func readMemory(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      bytes += try read(
        at: address + UInt32(bytes.count), byteCount: min(Self.blockByteCount, byteCount - bytes.count))
    }
    return bytes
  }
}

/// What the ROM bootloader does while the core is in system memory (AN2606): here at its serial ports (AN3155), and on USB by
/// its `DFUFunction`.
///
/// ST's code is not reproduced: the core stays in a loop, and this part takes the characters and makes the bus accesses
/// that the code would make, at the times at which it would. It works on the same flash interface, option bytes and RAM as
/// everybody else. A core that is elsewhere, halted or in reset serves nobody.
final class SystemBootloader {
  /// What is expected next.
  enum Step {
    /// A command and its complement.
    case command
    /// An address and its checksum.
    case address(BootloaderCode.Command)
    /// How much is to be read from an address, and the complement.
    case readCount(UInt32)
    /// A block for an address: its length less one, the data, the checksum.
    case block(UInt32)
    /// The sectors to erase, or what stands for all of them.
    case eraseList
    /// The sectors to protect.
    case protectionList
  }

  /// What follows when an answer has gone out.
  enum Sequel {
    case expect(Step)
    case rewriteOptions(BootloaderCode.Command)
    case systemReset
    case jump(to: UInt32)
  }

  /// A port that has been chosen, with the bit length that was measured at it.
  private struct Connection {
    let port: String
    let format: SerialFormat
    var receiver = SerialReceiver()
  }

  unowned let chip: Chip
  /// What it does on USB.
  private(set) lazy var dfu = DFUFunction(bootloader: self)
  /// What this version has.
  var facts: BootloaderFacts
  /// Whether a receiver of another port floats, so that these are not looked at until the next reset (AN2606, "Bootloader
  /// selection").
  var isTakenElsewhere = false
  /// By how much the measured bit length is wrong, in per mille: up to 5 or 6 % by AN2606.
  var measuringErrorPerMille: Int64 = 0

  /// The width at which it programs and erases: by bytes, until the host says what the supply is.
  var parallelism = Parallelism.x8
  /// What the host has said of the supply.
  var supplyRange: UInt8 = 0
  /// What is being programmed: where the next byte goes, and what is left.
  var programming: (address: UInt32, bytes: ArraySlice<UInt8>)?
  /// The sectors that are still to be erased.
  var sectorsToErase: [FlashSector] = []

  /// When it begins to listen; nil while the core has not come here since the last reset.
  private var listenTime: UInt64?
  /// Where a first falling edge was seen.
  private var edges: [String: UInt64] = [:]
  private var connection: Connection?
  /// Whether a serial port has been chosen, which stays so until the next reset.
  var hasChosenPort: Bool { connection != nil || isTakenElsewhere }
  private var step = Step.command
  private var input: [UInt8] = []
  private var hasLineError = false
  /// Whether it works or answers, so that it looks at no character.
  private var isBusy = false
  /// The character in the port's data register that it has not looked at.
  private var held: SerialReceiver.Character?
  /// Counts the resets, so that what was to happen before one does not happen after it.
  private var generation = 0

  /// Between the last bit of a request and the first of the answer; assumed, some hundred cycles.
  private static let latency: UInt64 = 5_000
  /// A hardware watchdog runs at its longest period, and is served well within it.
  private static let watchdogPeriod: UInt64 = 8_000_000_000

  init(chip: Chip) {
    self.chip = chip
    facts = chip.model.die.factory.bootloader
    chip.wasReset.connect(to: self) { $0.reset() }
    chip.coreWasReleased.connect(to: self) { $0.begin() }
  }

  var memory: MemoryMap { chip.model.family.memory }

  /// How characters stand on its wires; before it has measured the rate, as a host has to begin.
  var format: SerialFormat { connection?.format ?? SerialFormat(baud: 115_200, parity: .even) }

  /// Whether the core executes it now.
  var isExecuting: Bool {
    chip.isPowered && !chip.isInReset && chip.core.state == .running
      && SystemMemory.isBootloader(chip.core.programCounter, memory)
  }

  // MARK: Start

  private func reset() {
    generation += 1
    (listenTime, connection, held, programming) = (nil, nil, nil, nil)
    (isBusy, hasLineError, input, edges, sectorsToErase) = (false, false, [], [:], [])
    (step, parallelism, supplyRange) = (.command, .x8, 0)
    dfu.reset()
  }

  /// The core has left reset.
  private func begin() {
    guard chip.bus.bootSource == .systemMemory else { return }
    // A board that has been under power for long has a bootloader that has waited for long.
    if chip.hasSettled { return listen(from: chip.synchronised) }
    let hasCrystal = chip.clocks.externalClock != .none
    listen(from: chip.synchronised + (hasCrystal ? facts.startUpTime : facts.startUpTimeWithoutCrystal))
  }

  private func listen(from time: UInt64) {
    listenTime = time
    dfu.listen(from: time)
    // The longest period, which stays so when a program is started (AN2606).
    if !chip.flash.storedOptions.hasSoftwareWatchdog {
      later(at: time) { bootloader in
        bootloader.write(0x5555, bootloader.watchdog)
        bootloader.write(6, bootloader.watchdog + 4)
        bootloader.serveWatchdog()
      }
    }
  }

  private var watchdog: UInt32 { chip.model.family.peripherals.independentWatchdog.base }

  private func serveWatchdog() {
    write(0xAAAA, watchdog)
    later(at: chip.synchronised + Self.watchdogPeriod) { $0.serveWatchdog() }
  }

  /// Lets something happen later, unless the chip is reset or the core goes elsewhere; a halted core does it when it goes on.
  func later(at time: UInt64, _ action: @escaping (SystemBootloader) -> Void) {
    let generation = generation
    chip.schedule(at: time, for: self) { bootloader in
      guard generation == bootloader.generation else { return }
      if bootloader.chip.core.isHalted {
        bootloader.later(at: bootloader.chip.synchronised + 100_000, action)
      } else if bootloader.isExecuting {
        action(bootloader)
      }
    }
  }

  // MARK: Receiving

  /// A frame comes in at a port's RX pin; `now` is its start.
  func receive(_ frame: SerialFrame, at port: String) {
    // A program that jumps here is noticed by the first one.
    if listenTime == nil, isExecuting { listen(from: frame.start) }
    guard let listenTime, listenTime <= frame.start, facts.ports.contains(port), !isTakenElsewhere, !dfu.isConnected
    else { return }
    guard connection != nil else { return measure(frame, at: port) }
    guard connection?.port == port else { return }
    connection?.receiver.add(frame)
    scheduleCharacter()
  }

  /// Measures the first character: from its start bit to the next fall, which 0x7F has eight bits later (AN3155, 2.1).
  private func measure(_ frame: SerialFrame, at port: String) {
    let start: UInt64
    if let edge = edges[port] {
      start = edge
    } else if let edge = frame.fallingEdge(from: frame.start) {
      edges[port] = edge
      start = edge
    } else {
      return
    }
    guard let end = frame.fallingEdge(from: start + 1) else { return }
    later(at: end) { $0.connect(to: port, measured: end - start, at: end) }
  }

  private func connect(to port: String, measured: UInt64, at time: UInt64) {
    guard connection == nil else { return }
    let length = UInt64(Int64(measured) * 1000 / 8 * (1000 + measuringErrorPerMille) / 1000)
    // The divider of the baud rate, which is 16 at the least (RM0090, 30.3.4).
    let divider = max(16, (length * facts.hertz + 500_000_000_000) / 1_000_000_000_000)
    let format = SerialFormat(bitLength: divider * 1_000_000_000_000 / facts.hertz, parity: .even)
    connection = Connection(port: port, format: format)
    // The last data bit, the parity and the stop bit pass by.
    let end = time + 3 * format.bitLength / 1000
    connection?.receiver.listen(in: format, from: end)
    isBusy = true
    later(at: end) { $0.answer([BootloaderCode.acknowledge], then: .expect(.command)) }
  }

  private func scheduleCharacter() {
    guard let time = connection?.receiver.nextEvent else { return }
    later(at: time) { bootloader in
      guard let character = bootloader.connection?.receiver.take(at: time) else { return }
      bootloader.arrive(character)
      bootloader.scheduleCharacter()
    }
  }

  /// A character stands in the data register; one that finds it full is lost.
  private func arrive(_ character: SerialReceiver.Character) {
    if !isBusy { return take(character) }
    if held == nil { held = character }
  }

  private func take(_ character: SerialReceiver.Character) {
    guard let format = connection?.format else { return }
    input.append(UInt8(truncatingIfNeeded: format.data(character.word)))
    if character.hasFramingError || format.hasParityError(character.word) { hasLineError = true }
    guard input.count >= byteCount(of: step, input) else { return }
    let (bytes, isIntact) = (input, !hasLineError)
    (input, hasLineError, isBusy) = ([], false, true)
    carryOut(step, bytes, isIntact: isIntact)
  }

  /// How many bytes a step has, as far as those tell that have come.
  private func byteCount(of step: Step, _ input: [UInt8]) -> Int {
    switch step {
    case .command, .readCount: 2
    case .address: 5
    case .block, .protectionList: Int(input[0]) + 3
    case .eraseList:
      if input.count < 2 {
        2
      } else if input.sectorCode >= BootloaderCode.SpecialErase.first {
        3
      } else {
        2 * (Int(input.sectorCode) + 1) + 3
      }
    }
  }

  // MARK: Answering

  /// Takes what is expected next.
  func expect(_ next: Step) {
    step = next
    isBusy = false
    if let character = held {
      held = nil
      take(character)
    }
  }

  /// Sends an answer.
  func answer(_ bytes: [UInt8], then sequel: Sequel) {
    later(at: chip.synchronised + Self.latency) { $0.transmit(bytes[...], then: sequel) }
  }

  func acknowledge(then sequel: Sequel = .expect(.command)) { answer([BootloaderCode.acknowledge], then: sequel) }

  func refuse() { answer([BootloaderCode.refuse], then: .expect(.command)) }

  private func transmit(_ bytes: ArraySlice<UInt8>, then sequel: Sequel) {
    guard let byte = bytes.first, let connection else { return follow(sequel) }
    let format = connection.format
    let frame = SerialFrame(start: chip.synchronised, word: format.word(UInt16(byte)), format: format)
    chip.serialOutputBegins.send((connection.port, frame))
    later(at: frame.end) { $0.transmit(bytes.dropFirst(), then: sequel) }
  }

  private func follow(_ sequel: Sequel) {
    switch sequel {
    case .expect(let step): expect(step)
    case .rewriteOptions(let command): rewriteOptions(for: command)
    case .systemReset: resetSystem()
    case .jump(let address): jump(to: address)
    }
  }
}

extension [UInt8] {
  /// The first two bytes of a list of sectors.
  var sectorCode: UInt16 { UInt16(self[0]) << 8 | UInt16(self[1]) }
}

public import LinkInterface

/// A simulated target with a probe on it: everything below the USB cable.
///
/// A simulation has one owner and one thread, and its own time: the same calls give the same answers at the same
/// simulated times on every machine.
public final class Simulation {
  /// What was asked for.
  public let configuration: SimulationConfiguration
  /// The probe, open; closing it keeps what a real one keeps.
  public let probe: any USBDevice

  let clock = VirtualClock()
  let board: Board
  /// The probe as a USB device, behind `probe`: what other carriers than `probe` work on.
  package let device: SimulatedUSBDevice
  /// The board's own USB socket, into which nothing is plugged at first.
  let usbSocket: BoardUSBSocket
  /// What the chip's own USB is to a host, into which nothing is plugged at first; nil on chips without OTG FS.
  package let chipUSB: ChipUSBSocket?
  let injector: FaultInjector
  var serialConsole: SerialConsole?
  /// How often the pins had changed when the observation began, by port and pin.
  var pinCountsBefore: [[Int]] = []

  /// The highest supply that the parts survive (data sheets, "General operating conditions").
  private static let maximumMillivolts = 3600

  /// Sets up the board with its chip under power.
  ///
  /// - Throws: `SimulationError` for a target, a probe, a supply or a state that cannot be simulated.
  public init(_ configuration: SimulationConfiguration) throws(SimulationError) {
    self.configuration = configuration
    guard (0...Simulation.maximumMillivolts).contains(configuration.supplyMillivolts) else {
      throw SimulationError.supplyOutOfRange(millivolts: configuration.supplyMillivolts)
    }
    let faults = configuration.faults
    var parts = try SimulationParts(configuration)
    do throws(FaultError) {
      try parts.apply(faults)
    } catch {
      throw SimulationError.fault(error)
    }
    let chip = Chip(
      model: parts.chip, clock: clock, seed: configuration.seed,
      timing: Simulation.timing(configuration, parts))
    chip.flash.hasProgrammingVoltage = configuration.hasProgrammingVoltage
    chip.boot0 = configuration.bootMemory != .flash
    chip.boot1 = configuration.bootMemory == .sram
    chip.flash.startsWithStrayFlags = configuration.startsWithStrayFlags
    if let state = configuration.state {
      do {
        try chip.loadState(state)
      } catch {
        throw SimulationError(error)
      }
    } else {
      do throws(OptionSettingError) {
        try chip.set(configuration.options)
      } catch {
        throw SimulationError.option(error)
      }
      chip.fill(as: faults)
    }
    if let problem = configuration.boardParts.lazy.compactMap({ $0.problem(on: chip) }).first {
      throw SimulationError.boardPart(problem)
    }
    board = Board(model: parts.board, chip: chip, supplyMillivolts: 0)
    device = SimulatedUSBDevice(
      profile: parts.profile, connector: board, clock: clock, boardIdentifier: parts.board.boardIdentifier)
    usbSocket = BoardUSBSocket(chip)
    chipUSB = ChipUSBSocket(chip)
    let probe = SimulatedProbe(device: device)
    if configuration.keepsRealTime {
      probe.pace = RealTimePace()
    }
    self.probe = probe
    injector = FaultInjector(faults)
    board.chip.serialOutput.connect(to: self) { $0.takeForConsole($1.frame, from: $1.port) }
    injector.begin(in: self)
    board.powerUp(millivolts: configuration.supplyMillivolts)
    clock.wait(for: configuration.onTime)
    chip.synchronise()
    probe.beginPace()
  }

  private static func timing(_ configuration: SimulationConfiguration, _ parts: SimulationParts) -> FlashTiming {
    var random = ChipRandom(seed: configuration.seed ^ 0x5EED_71ED)
    return FlashTiming(
      parts.chip.family.flashTimes, grade: parts.isSlowPart ? .slow : .typical,
      spreadPerMille: configuration.spreadsEraseTimes ? UInt64.random(in: 850...1100, using: &random) : 1000)
  }

  /// Plugs a serial adapter in, whose wires lead to one of the chip's serial ports.
  ///
  /// - Parameter port: the port's name; nil for USART1, where every bootloader listens.
  public func makeSerialLine(at port: String? = nil) -> any SerialLine {
    let line = SimulatedSerialLine(
      board: board, clock: clock, port: port ?? "USART1", wiring: configuration.serialWiring)
    if configuration.keepsRealTime { line.pace = RealTimePace() }
    return line
  }

  /// The pins of the host, wired to the chip as the configuration says.
  public func makeHostPins() -> any HostPins { SimulatedHostPins(board: board, wiring: configuration.serialWiring) }

  /// What the chip keeps without power, as bytes for `SimulationConfiguration.state`.
  ///
  /// Flash, OTP, option bytes and with them the protection level, wear, and the unique identifier.
  public func saveState() -> [UInt8] {
    board.chip.saveState()
  }

  /// What the main flash's cells hold, whatever the chip would let anybody read.
  ///
  /// - Parameter range: offsets within the flash.
  public func flashContents(_ range: Range<Int>) -> [UInt8] {
    board.chip.synchronise()
    return board.chip.flash.main.contents(range)
  }

  /// What the option sector holds: the halfwords at 0x1FFF_C000, 0x1FFF_C008 and, of a second bank, 0x1FFE_C008.
  package var storedOptions: [UInt16] {
    board.chip.synchronise()
    let options = board.chip.flash.storedOptions
    return [options.user, options.writeProtect, options.writeProtect2]
  }

  /// What the OTP area's cells hold, lock bytes behind the data.
  package var oneTimeContents: [UInt8] {
    board.chip.synchronise()
    return board.chip.flash.otp.contents(0..<board.chip.flash.otp.byteCount)
  }

  /// The simulated time since the simulation began.
  public var time: Duration { clock.now }

  /// What the flash has done since the simulation began.
  public var flashWork: FlashWork { board.chip.flash.work }

  /// Reads of the flash with too few wait states; nil for none.
  public var earlyFlashReads: EarlyFlashReads? { board.chip.flash.earlyReads }

  /// PLLs that were started outside of their limits, in the order of their starts.
  public var loopsOutsideLimits: [LoopOutsideLimits] { board.chip.clocks.loopsOutsideLimits }

  /// Accesses to registers that are not modelled, in the order of their first occurrence.
  public var unmodelledAccesses: [UnmodelledAccess] {
    board.chip.bus.peripherals.unmodelledAccesses
  }
}

/// What the probe sees at its SWD connector: two wires, the reset line, the SWO wire and the reference voltage.
///
/// The board implements it. The probe's firmware knows nothing beyond it, just as a real one: whether a jumper is
/// open, which chip is there and whether it has power show only in what comes back.
protocol TargetConnector: AnyObject {
  /// Carries one SWD packet to the target and its answer back, at the clock's current time.
  ///
  /// The caller advances the clock by the time that the bits take.
  func transfer(_ packet: SWDPacket) -> SWDAnswer

  /// At least 50 clocks with SWDIO high.
  func lineReset()

  /// A 16-bit sequence sent LSB first between two line resets: 0xE79E selects SWD, 0xE73C selects JTAG.
  func switchSequence(_ bits: UInt16)

  /// The probe makes another SWD clock from now on.
  func clockChanged(toKilohertz kilohertz: UInt32)

  /// Drives NRST low, or lets it go.
  func driveReset(low: Bool)

  /// The voltage at the reference pin (VTref, VAPP) in millivolts.
  var referenceMillivolts: Int { get }

  /// Who hears what comes along the SWO wire; nil for nobody.
  var traceListener: (any TraceListener)? { get set }

  /// Lets all characters begin on the SWO wire that do so by the clock's current time.
  func settleTrace()
}

extension TargetConnector {
  func clockChanged(toKilohertz kilohertz: UInt32) {}
  var traceListener: (any TraceListener)? {
    get { nil }
    set {}
  }
  func settleTrace() {}
}

/// The end of the SWO wire.
protocol TraceListener: AnyObject {
  /// A character begins, not before the last one has ended.
  func hear(_ frame: SerialFrame)
}

/// One SWD packet request (ADIv5.2, B4.2).
struct SWDPacket: Equatable {
  /// Which port the packet goes to (APnDP).
  enum Port {
    /// The debug port itself.
    case debug
    /// The access port that SELECT names.
    case access
  }

  /// The port.
  var port: Port
  /// A[3:2] as a register offset: 0x0, 0x4, 0x8 or 0xC.
  var register: UInt8
  /// The word to write; nil for a read.
  var writeData: UInt32?
  /// Whether the parity bit does not fit the word to write.
  var hasWrongParity = false

  /// A read of a register.
  static func read(_ port: Port, _ register: UInt8) -> SWDPacket {
    SWDPacket(port: port, register: register, writeData: nil)
  }

  /// A write of a register.
  static func write(_ port: Port, _ register: UInt8, _ data: UInt32) -> SWDPacket {
    SWDPacket(port: port, register: register, writeData: data)
  }
}

/// The target's answer to one SWD packet.
enum SWDAnswer: Equatable {
  /// ACK 0b001. For a read, the data that follow; for an access-port read, the result of the read before it.
  case ok(UInt32)
  /// ACK 0b010: not now; the packet had no effect.
  case wait
  /// ACK 0b100: a sticky flag is set.
  case fault
  /// The line stays high (0b111): nobody answers.
  case silence
  /// The data's parity bit is wrong.
  case parityError(UInt32)
}

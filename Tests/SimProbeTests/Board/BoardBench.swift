@testable import SimProbe

/// A board with the SWD habits of a probe's firmware: connect, read and write words, look at the answers.
final class BoardBench {
  let clock = VirtualClock()
  let board: Board
  var chip: Chip { board.chip }

  /// The time of one packet, in nanoseconds.
  private static let packet: UInt64 = 20_000

  init(_ name: String = "stm32f407vg", millivolts: Int = 3300, seed: UInt64 = 1) throws {
    let model = try BoardModel.named(name)
    let chip = Chip(model: try ChipModel(named: model.chip), clock: clock, seed: seed)
    board = Board(model: model, chip: chip, supplyMillivolts: millivolts)
  }

  /// Brings up SWD; the DPIDR answer.
  @discardableResult
  func connect() -> SWDAnswer {
    board.lineReset()
    board.switchSequence(0xE79E)
    board.lineReset()
    let answer = send(.read(.debug, 0x0))
    _ = send(.write(.debug, 0x0, 0x1F))
    _ = send(.write(.debug, 0x4, 0x5000_0000))
    _ = send(.write(.debug, 0x8, 0))
    setWidth(.word)
    return answer
  }

  func send(_ packet: SWDPacket) -> SWDAnswer {
    clock.advance(by: Self.packet)
    return board.transfer(packet)
  }

  /// Sends a packet again while it is answered WAIT, for a second at the most.
  func insist(_ packet: SWDPacket) -> SWDAnswer {
    var answer = send(packet)
    let limit = clock.nanoseconds + 1_000_000_000
    while answer == .wait, clock.nanoseconds < limit { answer = send(packet) }
    return answer
  }

  func setWidth(_ width: BusWidth) {
    _ = insist(.write(.access, 0x0, 0x2300_0000 | width.rawValue >> 1))
  }

  /// Reads a word; nil when the bus or the port refuses.
  func read(_ address: UInt32) -> UInt32? {
    _ = insist(.write(.access, 0x4, address))
    _ = insist(.read(.access, 0xC))
    guard case .ok(let value) = insist(.read(.debug, 0xC)) else {
      _ = send(.write(.debug, 0x0, 0x1E))
      return nil
    }
    return value
  }

  /// Writes a word; whether the bus took it.
  @discardableResult
  func write(_ address: UInt32, _ value: UInt32) -> Bool {
    _ = insist(.write(.access, 0x4, address))
    _ = insist(.write(.access, 0xC, value))
    guard case .ok = insist(.read(.debug, 0xC)) else {
      _ = send(.write(.debug, 0x0, 0x1E))
      return false
    }
    return true
  }

  /// Waits for BSY to fall; FLASH_SR.
  @discardableResult
  func waitForFlash() -> UInt32? {
    var status = read(0x4002_3C0C)
    while let word = status, word & 0x1_0000 != 0 {
      clock.advance(by: 1_000_000)
      status = read(0x4002_3C0C)
    }
    return status
  }

  /// Gives every peripheral its clock.
  func enableClocks() {
    for register: UInt32 in [0x4002_3830, 0x4002_3834, 0x4002_3838, 0x4002_3840, 0x4002_3844] {
      write(register, 0xFFFF_FFFF)
    }
  }

  func unlockFlash() {
    write(0x4002_3C04, 0x4567_0123)
    write(0x4002_3C04, 0xCDEF_89AB)
  }

  /// Writes OPTCR with OPTSTRT and waits.
  func putOptions(_ optcr: UInt32) {
    write(0x4002_3C08, 0x0819_2A3B)
    write(0x4002_3C08, 0x4C5D_6E7F)
    write(0x4002_3C14, optcr)
    write(0x4002_3C14, optcr | 2)
    waitForFlash()
  }

  /// Lets time pass.
  func pass(milliseconds: UInt64) {
    clock.advance(by: milliseconds * 1_000_000)
  }
}

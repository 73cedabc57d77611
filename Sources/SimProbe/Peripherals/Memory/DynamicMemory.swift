/// An SDRAM chip: what it has been told since it has power, and what its cells hold (JEDEC 21-C, "Initialization").
struct DynamicMemory {
  /// What has to come before the first access: the clock, then a precharge of all banks, then two refreshes and the mode
  /// register in either order.
  private var isPrecharged = false
  private var refreshCount = 0
  /// The latency that its mode register holds, in clocks; nil before it has been loaded.
  private var latency: UInt32?
  /// The rows that are open, by internal bank.
  private var openRows: [UInt32: UInt32] = [:]

  /// A command that the controller sends (RM0090, 37.7.5, SDCMR.MODE).
  enum Command: UInt32 {
    case normal = 0b000
    case enableClock = 0b001
    case prechargeAll = 0b010
    case refresh = 0b011
    case loadMode = 0b100
    case selfRefresh = 0b101
    case powerDown = 0b110
  }

  /// Takes a command.
  ///
  /// - Parameters:
  ///   - times: how many refreshes.
  ///   - mode: the word for the mode register, whose bits 6 to 4 are the latency.
  mutating func take(_ command: Command, times: Int, mode: UInt32) {
    switch command {
    case .prechargeAll:
      isPrecharged = true
      openRows = [:]
    case .refresh where isPrecharged: refreshCount += times
    case .loadMode where isPrecharged: latency = mode >> 4 & 0b111
    case .normal, .enableClock, .refresh, .loadMode, .selfRefresh, .powerDown: break
    }
  }

  /// Whether it answers a controller that expects its data after so many clocks.
  func isReady(latency expected: UInt32) -> Bool { refreshCount >= 2 && latency == expected }

  /// Opens a row, and says whether another one had to be closed, or none was open.
  mutating func opens(row: UInt32, of bank: UInt32) -> Bool {
    defer { openRows[bank] = row }
    return openRows[bank] != row
  }
}

extension ProbeStatus {
  /// GETSTATUS of a halted core; of a running one it is `ok`.
  fileprivate static let halted = ProbeStatus(rawValue: 0x81)
}

/// The commands of the first API, of firmware below J11.
///
/// No source says that V2 and V3 refuse them, and shipped programs send some of them to every probe: pystlink and the
/// programmers in web pages 22 (READCOREID), stlink 1.6.1 sends 02 (FORCEDEBUG) and wrote V2J29 and V2J34 probes with it.
/// **Chosen**: every version takes them all, with the replies that the hosts expect (stlink's `stlink/usb.h`). What they
/// answer when the target does not is not known: a reply with a status has it, one without keeps the buffer's bytes.
extension STLinkFirmware {
  /// DHCSR with its key (ARMv7-M, C1.6.2).
  private static let haltingControl: UInt32 = 0xE000_EDF0
  private static let haltingKey: UInt32 = 0xA05F_0000
  private static let isHalted: UInt32 = 1 << 17
  /// FP_CTRL with its key and enable, and the first comparator (ARMv7-M, C1.11).
  private static let breakpointControl: UInt32 = 0xE000_2000
  private static let comparators: UInt32 = 0xE000_2008

  /// What a host asks of the core, as DHCSR's control bits.
  enum CoreRequest: UInt32 {
    case run = 0b001
    case halt = 0b011
    case step = 0b101
  }

  /// GETSTATUS: whether the core is halted.
  func getCoreStatus() {
    do throws(ProbeStatus) {
      let state = try targetAccess { () throws(ProbeStatus) in try driver.readWord(at: Self.haltingControl) }
      buffer.write(state & Self.isHalted == 0 ? .ok : .halted)
    } catch {
      buffer.write(error)
    }
    send(2)
  }

  /// FORCEDEBUG, RUNCORE and STEPCORE.
  func request(_ request: CoreRequest) {
    replyStatus { () throws(ProbeStatus) in
      try targetAccess { () throws(ProbeStatus) in
        try driver.writeWord(Self.haltingKey | request.rawValue, at: Self.haltingControl)
      }
    }
  }

  /// READALLREGS: the words alone.
  func readAllRegistersBare() {
    var values: [UInt32] = []
    do throws(ProbeStatus) {
      for index in Self.allRegisters {
        values.append(try targetAccess { () throws(ProbeStatus) in try driver.readCoreRegister(index) })
      }
    } catch {
      // The reply has no place for a status.
    }
    for (index, value) in values.enumerated() { buffer.write(word: value, at: 4 * index) }
    send(4 * Self.allRegisters.count)
  }

  /// READREG: the word alone.
  func readRegisterBare(_ command: CommandBlock) {
    let index = command[2]
    replyBare { () throws(ProbeStatus) in
      try targetAccess { () throws(ProbeStatus) in try driver.readCoreRegister(index) }
    }
  }

  /// READCOREID: what ENTER found, alone.
  func readCoreIdentification() {
    replyBare { () throws(ProbeStatus) in
      try requireLink()
      return identification
    }
  }

  /// SETFP: a breakpoint on the lower half of a word, on the upper, or on both.
  func setBreakpoint(_ command: CommandBlock) {
    let (number, address, half) = (command[2], command.word(at: 3), command[7])
    replyStatus { () throws(ProbeStatus) in
      guard half <= 2 else { throw .commandError }
      let value = UInt32(half + 1) << 30 | address & 0x1FFF_FFFC | 1
      try writeComparator(number, value)
    }
  }

  /// CLEARFP.
  func clearBreakpoint(_ command: CommandBlock) {
    let number = command[2]
    replyStatus { () throws(ProbeStatus) in try writeComparator(number, 0) }
  }

  private func writeComparator(_ number: UInt8, _ value: UInt32) throws(ProbeStatus) {
    try targetAccess { () throws(ProbeStatus) in
      try driver.writeWord(0b11, at: Self.breakpointControl)
      try driver.writeWord(value, at: Self.comparators + 4 * UInt32(number))
    }
  }

  /// Answers with a word at the beginning, which stays what it was where there is none.
  private func replyBare(_ body: () throws(ProbeStatus) -> UInt32) {
    if let value = try? body() { buffer.write(word: value, at: 0) }
    send(4)
  }
}

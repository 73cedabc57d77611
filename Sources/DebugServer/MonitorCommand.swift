/// What somebody types behind `monitor`: our own words, and those that OpenOCD's, st-util's and pyOCD's users and their
/// development environments type.
enum MonitorCommand: Equatable {
  case help
  case version
  case info
  case reset(runs: Bool)
  case halt
  case resume
  /// Sectors by number; nil for all.
  case erase([Int]?)
  case option([String])
  case semihosting(Semihosting)
  case rtt(on: Bool, address: UInt32?)
  case swo(on: Bool, clockHertz: Int?, baud: Int?)
  case speed(kilohertz: Int?)
  case catches([String])
  case stepping(masksInterrupts: Bool)
  case stopAtReset(Bool)
  case idleStep
  case read(address: UInt32, count: Int, byteCount: Int)
  case write(address: UInt32, value: UInt32, byteCount: Int)
  case shutDown
  /// Something that others do and that needs nothing here.
  case nothing

  enum Semihosting: Equatable {
    case off
    case on
    case byDebugger
  }

  /// Reads a command line; nil for what is not known.
  init?(_ line: String) {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else {
      self = .help
      return
    }
    let rest = Array(words.dropFirst())
    guard let command = MonitorCommand.command(first, rest) else { return nil }
    self = command
  }

  private static func command(_ first: String, _ rest: [String]) -> MonitorCommand? {
    switch (first, rest.first) {
    case ("help", _): .help
    case ("version", _): .version
    case ("info", _), ("status", _), ("targets", _): .info
    case ("reset", nil), ("reset", "run"), ("jtag_reset", nil): .reset(runs: first == "reset" && rest.first == "run")
    case ("reset", "halt"), ("reset", "init"), ("soft_reset_halt", nil): .reset(runs: false)
    case ("halt", _): .halt
    case ("resume", _), ("go", _), ("continue", _): .resume
    case ("erase", _): erase(rest)
    case ("erase_mass", _), ("stm32f2x", "mass_erase"), ("stm32f4x", "mass_erase"): .erase(nil)
    case ("flash", "erase_sector"): eraseSectors(Array(rest.dropFirst()))
    case ("option", _): .option(rest)
    case ("arm", "semihosting"): semihosting(Array(rest.dropFirst()))
    case ("arm", "semihosting_fileio"): rest.last == "enable" ? .semihosting(.byDebugger) : .semihosting(.on)
    case ("semihosting", _): semihosting(rest)
    case ("rtt", _): rtt(rest)
    case ("swo", _): swo(rest)
    case ("speed", _): speed(rest)
    case ("adapter", "speed"): speed(Array(rest.dropFirst()))
    case ("catch", _), ("cortex_m", "vector_catch"): .catches(first == "catch" ? rest : Array(rest.dropFirst()))
    case ("cortex_m", "maskisr"): rest.last.map { .stepping(masksInterrupts: $0 != "off") }
    case ("step-interrupts", "on"): .stepping(masksInterrupts: false)
    case ("step-interrupts", "off"): .stepping(masksInterrupts: true)
    case ("stop-at-reset", "on"): .stopAtReset(true)
    case ("stop-at-reset", "off"): .stopAtReset(false)
    case ("gdb_sync", _): .idleStep
    case ("mdw", _), ("mdh", _), ("mdb", _), ("read32", _), ("read16", _), ("read8", _): read(first, rest)
    case ("mww", _), ("mwh", _), ("mwb", _), ("write32", _), ("write16", _), ("write8", _): write(first, rest)
    case ("shutdown", _), ("exit", _): .shutDown
    // What the others' users have in their start-up lines: there is nothing to be set up here.
    case ("swdp_scan", _), ("init", _), ("gdb_breakpoint_override", _), ("poll", _), ("tpiu", _), ("itm", _): .nothing
    default: nil
    }
  }

  private static func erase(_ rest: [String]) -> MonitorCommand? {
    if rest.isEmpty || rest == ["all"] { return .erase(nil) }
    let numbers = rest.compactMap { Int($0) }
    return numbers.count == rest.count ? .erase(numbers) : nil
  }

  /// `BANK FIRST LAST|last`, as OpenOCD has it.
  private static func eraseSectors(_ rest: [String]) -> MonitorCommand? {
    guard rest.count == 3, let first = Int(rest[1]) else { return nil }
    if rest[2] == "last" { return first == 0 ? .erase(nil) : nil }
    guard let last = Int(rest[2]), first <= last else { return nil }
    return .erase(Array(first...last))
  }

  private static func semihosting(_ rest: [String]) -> MonitorCommand? {
    switch rest.first {
    case "enable", "on", "1", nil: .semihosting(.on)
    case "disable", "off", "0": .semihosting(.off)
    case "fileio": .semihosting(.byDebugger)
    default: nil
    }
  }

  private static func rtt(_ rest: [String]) -> MonitorCommand? {
    switch rest.first {
    case "on", "start", nil: .rtt(on: true, address: rest.count > 1 ? number(rest[1]) : nil)
    case "setup": rest.count > 1 ? .rtt(on: true, address: number(rest[1])) : nil
    case "off", "stop": .rtt(on: false, address: nil)
    case "polling_interval", "channels", "server": .nothing
    default: nil
    }
  }

  private static func swo(_ rest: [String]) -> MonitorCommand? {
    switch rest.first {
    case "on", "enable", nil:
      let numbers = rest.dropFirst().compactMap { Int($0) }
      guard numbers.count == max(0, rest.count - 1) else { return nil }
      return .swo(
        on: true, clockHertz: numbers.count > 1 ? numbers[0] : nil, baud: numbers.last)
    case "off", "disable": return .swo(on: false, clockHertz: nil, baud: nil)
    default: return nil
    }
  }

  private static func speed(_ rest: [String]) -> MonitorCommand? {
    guard let text = rest.first else { return .speed(kilohertz: nil) }
    guard let kilohertz = Int(text), kilohertz > 0 else { return nil }
    return .speed(kilohertz: kilohertz)
  }

  private static func width(_ word: String) -> Int {
    switch word.last {
    case "w", "2": 4
    case "h", "6": 2
    default: 1
    }
  }

  private static func read(_ word: String, _ rest: [String]) -> MonitorCommand? {
    guard let address = rest.first.flatMap(number) else { return nil }
    let count = rest.count > 1 ? Int(rest[1]) : 1
    guard let count, (1...4096).contains(count) else { return nil }
    return .read(address: address, count: count, byteCount: width(word))
  }

  private static func write(_ word: String, _ rest: [String]) -> MonitorCommand? {
    guard rest.count == 2, let address = number(rest[0]), let value = number(rest[1]) else { return nil }
    return .write(address: address, value: value, byteCount: width(word))
  }

  private static func number(_ text: String) -> UInt32? {
    text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
  }

  /// What `monitor help` shows.
  static let overview = """
    reset [run|halt]            reset the chip; it stands at its reset vector, or runs
    halt, resume                stop the core, let it run
    info                        chip, protection, supply, what the core is doing
    erase [SECTOR ...]          erase the flash, or sectors by their numbers
    option [NAME=VALUE ...]     show option bytes, or change some
    semihosting on|off|fileio   answer the program's calls here, not at all, or by GDB's files and terminal
    rtt on [ADDRESS]|off        show what the program says by RTT
    swo on [[CLOCK] BAUD]|off   show what it says over SWO; takes PB3
    speed [KHZ]                 show or set the SWD clock
    catch [KIND ...|none|all]   faults that stop the program: hard memory bus state check coprocessor interrupt
    step-interrupts on|off      whether interrupts are served while single instructions are executed
    stop-at-reset on|off        whether a reset of the chip stops the program
    mdw|mdh|mdb ADDRESS [N], mww|mwh|mwb ADDRESS VALUE
                                read and write by accesses of one width
    gdb_sync                    the next stepi has GDB read the registers anew, and steps nothing
    shutdown                    end the server
    OpenOCD's words for these are understood too (arm semihosting enable, flash erase_sector 0 0 last, adapter speed ...).

    """
}

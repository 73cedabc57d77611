import Basics
import Engine
import Failures

// `monitor`.
extension GDBServer {
  /// `,TEXT IN HEX`.
  func command(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    guard let bytes = RemotePacket.bytes(ofHex: rest.dropFirst()) else { return .failure("a malformed request") }
    let line = String(decoding: bytes, as: UTF8.self)
    isCommanding = true
    defer { isCommanding = false }
    sendHeldText()
    guard let command = MonitorCommand(line) else {
      say("'\(line)' is no monitor command here; 'monitor help' shows those that there are")
      return .done
    }
    do throws(SessionError) {
      try carryOut(command)
    } catch {
      guard error.isOfTheTarget else { throw error }
      // GDB shows the text of an answer, and not that of an error.
      let report = error.report
      say("error: \(report.summary)")
      for remedy in report.remedies { say("  \(remedy)") }
    }
    return .done
  }

  private func say(_ text: String) { console(Array((text + "\n").utf8)) }

  private func carryOut(_ command: MonitorCommand) throws(SessionError) {
    switch command {
    case .nothing: break
    case .help: console(Array(MonitorCommand.overview.utf8))
    case .version: say("stflash, a debug server for STM32F2 and F4")
    case .info: try tellInfo()
    case .reset(let runs): try reset(runs: runs)
    case .halt:
      try debugger.attach()
      try sayPlace()
    case .resume: try onCore { () throws(DebugError) in try debugger.resume(.run) }
    case .erase(let numbers): try erase(numbers)
    case .option(let changes): try changeOptions(changes)
    case .semihosting(let choice): setSemihosting(choice)
    case .rtt(let isOn, let address): try setRTT(isOn, address)
    case .swo(let isOn, let clock, let baud): try setSWO(isOn, clock, baud)
    case .speed(let kilohertz): try setSpeed(kilohertz)
    case .catches(let kinds): setCatches(kinds)
    case .stepping(let masksInterrupts):
      debugger.options.masksInterrupts = masksInterrupts
      say("interrupts \(masksInterrupts ? "stay away" : "are served") while single instructions are executed")
    case .stopAtReset(let isOn):
      debugger.options.stopsAtReset = isOn
      say("a reset of the chip \(isOn ? "stops the program" : "is told, and the program goes on")")
    case .idleStep: nextStepIsIdle = true
    case .read(let address, let count, let byteCount): try show(address, count, byteCount)
    case .write(let address, let value, let byteCount): try set(address, value, byteCount)
    case .shutDown:
      shallShutDown = true
      hasEnded = true
      say("the server ends")
    }
  }

  private func reset(runs: Bool) throws(SessionError) {
    try debugger.reset(runs: runs)
    load.forgetWrites()
    if runs {
      say("the chip was reset and runs; GDB takes it for stopped until it is told to continue")
    } else {
      try sayPlace()
    }
  }

  private func sayPlace() throws(SessionError) {
    guard debugger.isHalted else { return say("the core runs") }
    let image = try onCore { () throws(DebugError) in try debugger.image() }
    // What GDB has read of the registers before, it goes on believing.
    say(
      "halted: pc \(image.programCounter.hexadecimal) sp \(image.stackPointer.hexadecimal) xpsr \(image.status.hexadecimal)"
        + "; 'maintenance flush register-cache' has GDB see it")
  }

  private func tellInfo() throws(SessionError) {
    let device = debugger.device
    say("\(device.name), \(device.flashByteCount.byteSize) of flash")
    if let protection = session.protection { say("option bytes: \(protection.options)") }
    if case .probe(let probe)? = session.link { say("\(probe.product.name), firmware \(probe.firmware)") }
    if let millivolts = session.millivolts { say("supply \(millivolts.volts)") }
    let counts = try onCore { () throws(DebugError) in try debugger.comparatorCounts() }
    say("\(counts.breakpoints) breakpoints in flash, \(counts.watchpoints) watchpoints")
    try sayPlace()
  }

  private func erase(_ numbers: [Int]?) throws(SessionError) {
    let sectors = debugger.device.sectorMap.sectors.filter { numbers?.contains($0.number) ?? true }
    if let unknown = numbers?.first(where: { number in !sectors.contains { $0.number == number } }) {
      return say("error: the chip has no sector \(unknown)")
    }
    // One by one, so that GDB hears something before it gives up.
    for sector in sectors {
      try debugger.erase(.sectors([sector.number]))
      say("erased \(sector.description)")
    }
  }

  private func changeOptions(_ changes: [String]) throws(SessionError) {
    if changes.isEmpty || changes == ["show"] {
      return say("\(try session.readOptions().lasting)")
    }
    var assignments: [OptionAssignment] = []
    for change in changes where change != "set" {
      do throws(OptionValueError) {
        assignments.append(try OptionAssignment(change))
      } catch {
        return say("error: \(error.report.summary)")
      }
    }
    let plan = try session.plan(changing: assignments)
    try session.execute(plan, permitting: OptionPermissions())
    try debugger.reset(runs: false)
    say("\(try session.readOptions().lasting)")
  }

  private func setSemihosting(_ choice: MonitorCommand.Semihosting) {
    switch choice {
    case .off: debugger.options.semihosting = .off
    case .on: debugger.options.semihosting = .answered
    case .byDebugger: debugger.options.semihosting = .passedOn
    }
    switch choice {
    case .off: say("semihosting calls stop the program")
    case .on: say("semihosting calls are answered here")
    case .byDebugger: say("semihosting calls are answered by GDB, with its files and its terminal")
    }
  }

  private func setRTT(_ isOn: Bool, _ address: UInt32?) throws(SessionError) {
    guard isOn else { return try debugger.stopRTT() }
    let known = address ?? debugger.options.symbols?.symbol(named: "_SEGGER_RTT")?.address
    try debugger.listen(RTTOptions(known.map { .address($0) } ?? .anywhere, makesProgramWait: false))
    say("RTT is listened to while the program runs" + (known.map { ", at \($0.hexadecimal)" } ?? ""))
  }

  private func setSWO(_ isOn: Bool, _ clock: Int?, _ baud: Int?) throws(SessionError) {
    guard isOn else { return try debugger.stopSWO() }
    var options = SWOOptions(clockHertz: clock)
    if let baud { options.baud = baud }
    try debugger.listen(options)
    say("SWO is listened to while the program runs")
  }

  private func setSpeed(_ kilohertz: Int?) throws(SessionError) {
    if let kilohertz { try session.setClock(kilohertz: kilohertz) }
    if let actual = session.clockKilohertz { say("SWD at \(actual.frequency)") }
  }

  private func setCatches(_ kinds: [String]) {
    var caught: Set<CaughtFault> = []
    for kind in kinds {
      switch kind {
      case "all": caught.formUnion(CaughtFault.allCases)
      case "none": caught = []
      case "hard_err": caught.insert(.hard)
      case "mm_err": caught.insert(.memory)
      case "bus_err": caught.insert(.bus)
      case "state_err": caught.insert(.state)
      case "chk_err": caught.insert(.check)
      case "nocp_err": caught.insert(.coprocessor)
      case "int_err": caught.insert(.interrupt)
      case "reset": debugger.options.stopsAtReset = true
      default:
        guard let fault = CaughtFault(rawValue: kind) else { return say("error: there is no kind of fault '\(kind)'") }
        caught.insert(fault)
      }
    }
    if !kinds.isEmpty { debugger.options.caughtFaults = caught }
    let names = debugger.options.caughtFaults.map(\.rawValue).sorted()
    say("faults that stop the program: \(names.isEmpty ? "none" : names.joined(separator: " "))")
  }

  private func show(_ address: UInt32, _ count: Int, _ byteCount: Int) throws(SessionError) {
    guard address % UInt32(byteCount) == 0 else { return say("error: \(address.hexadecimal) is not aligned") }
    let perLine = 32 / byteCount
    for start in stride(from: 0, to: count, by: perLine) {
      var line = (address &+ UInt32(start * byteCount)).hexadecimal + ":"
      for index in start..<min(count, start + perLine) {
        let bytes = try onCore { () throws(DebugError) in
          try debugger.readMemory(at: address &+ UInt32(index * byteCount), byteCount: byteCount)
        }
        let value = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        line += " " + Hexadecimal.digits(value, width: 2 * byteCount)
      }
      say(line)
    }
  }

  private func set(_ address: UInt32, _ value: UInt32, _ byteCount: Int) throws(SessionError) {
    guard address % UInt32(byteCount) == 0 else { return say("error: \(address.hexadecimal) is not aligned") }
    if debugger.touchesFlash(address, byteCount: byteCount) { return say("error: flash is written by 'load'") }
    try onCore { () throws(DebugError) in
      try debugger.writeMemory(Array(value.littleEndianBytes.prefix(byteCount)), at: address)
    }
  }
}

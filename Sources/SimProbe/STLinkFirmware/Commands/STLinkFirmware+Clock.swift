/// The SWD clock: by divisor on V2, in kHz on V3 (docs/simulated-probe.md, "Commands").
extension STLinkFirmware {
  func setSWDDivisor(_ command: CommandBlock) {
    driver.use(WireTiming(profile.version, kilohertz: ProbeClocks.kilohertz(divisor: command.halfword(at: 2))))
    acknowledge()
  }

  /// The simulated connector has no JTAG pins; the setting is taken and has no effect.
  func setJTAGDivisor(_ command: CommandBlock) {
    acknowledge()
  }

  func setFrequency(_ command: CommandBlock) {
    let (line, wish) = (Int(command[2]), command.word(at: 4))
    replyValue { () throws(ProbeStatus) in
      guard line < kilohertz.count else { throw .badFrequency }
      useFrequency(ProbeClocks.choose(wish, from: availableFrequencies), line: line)
      return kilohertz[line]
    }
  }

  /// 52 bytes: status, the clock in use, the number of clocks, ten places for them, fastest first.
  func getFrequencies(_ command: CommandBlock) {
    let line = min(Int(command[2]), kilohertz.count - 1)
    let list = availableFrequencies
    buffer.write([UInt8](repeating: 0, count: 52))
    buffer.write(.ok)
    buffer.write(word: kilohertz[line], at: 4)
    buffer.write(word: UInt32(list.count), at: 8)
    for (index, frequency) in list.enumerated() {
      buffer.write(word: frequency, at: 12 + 4 * index)
    }
    send(52)
  }

  /// The prescaler changes the list, and with it the clock in use.
  func switchPrescaler(_ command: CommandBlock) {
    if ProbeClocks.listByPrescaler[command[2]] != nil {
      prescaler = command[2]
      for line in kilohertz.indices {
        useFrequency(ProbeClocks.choose(kilohertz[line], from: availableFrequencies), line: line)
      }
      buffer.write(.configurationChanged)
    } else {
      buffer.write(.badFrequency)
    }
    send(8)
  }

  private var availableFrequencies: [UInt32] {
    ProbeClocks.listByPrescaler[prescaler] ?? []
  }

  private func useFrequency(_ frequency: UInt32, line: Int) {
    kilohertz[line] = frequency
    if line == 0 { driver.use(WireTiming(profile.version, kilohertz: frequency)) }
  }
}

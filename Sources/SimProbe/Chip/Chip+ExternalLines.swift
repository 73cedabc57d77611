/// What reaches EXTI, and the wake-up pin of PWR.
extension Chip {
  /// The wake-up pin: PA0.
  private static let wakeUpPin: UInt32 = 1 << 0

  /// The pins of a port, by its number from A on, have changed: EXTI sees those that SYSCFG connects.
  func pinsChanged(_ port: Int, _ levels: UInt32) {
    for line: UInt32 in 0..<16 where configuration.port(ofExternalLine: line) == UInt32(port) {
      externalInterrupts.setLine(line, high: levels & 1 << line != 0)
    }
    guard port == 0 else { return }
    let wasHigh = isWakeUpPinHigh
    isWakeUpPinHigh = levels & Self.wakeUpPin != 0
    if isWakeUpPinHigh, !wasHigh, power.wakesByPin { wake() }
  }

  /// SYSCFG connects other pins to EXTI.
  func connectExternalLines() {
    for line: UInt32 in 0..<16 {
      let port = Int(configuration.port(ofExternalLine: line))
      let levels = ports.indices.contains(port) ? ports[port].levels : 0
      externalInterrupts.setLine(line, high: levels & 1 << line != 0)
    }
  }

  /// An alarm (line 17) or the wake-up timer (line 22) of RTC asks for an interrupt, or no longer.
  func realTimeClockAsks(_ line: UInt32, _ isAsking: Bool) {
    externalInterrupts.setLine(line, high: isAsking)
    if isAsking { wake() }
  }
}

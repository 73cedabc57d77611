/// The way of the trace stream out of the chip.
extension Chip {
  /// The alternate function of the system's pins, the trace port's among them (RM0090, 8.3.2).
  private static let systemFunction: UInt32 = 0

  /// Whether the trace port reaches its one pin: DBGMCU gives it the pin, and GPIO leaves it there.
  var hasTracePin: Bool {
    let pin = model.family.peripherals.traceOutput
    return debugUnit.hasTracePin && port(pin.port)?.alternateFunction(of: pin.number) == Self.systemFunction
  }
}

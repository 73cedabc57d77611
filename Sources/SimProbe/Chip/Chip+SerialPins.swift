/// Where the serial ports can be reached, which is what firmware has made of the pins.
extension Chip {
  /// A serial port by its name; nil where the part does not have it.
  func serialPort(_ name: String) -> SerialPort? { serialPorts.first { $0.name == name } }

  /// The serial port that is connected to a pin for sending or receiving; nil for none.
  func serialPort(at pin: PinName, isTransmit: Bool) -> SerialPort? {
    guard let function = port(pin.port)?.alternateFunction(of: pin.number) else { return nil }
    return model.family.peripherals.serialPins
      .filter { $0.pin == pin && $0.function == function && $0.isTransmit == isTransmit }
      .compactMap { serialPort($0.serialPort) }
      .last
  }

  /// Whether a serial port is connected to some pin for sending or receiving.
  func hasPin(_ port: SerialPort, isTransmit: Bool) -> Bool {
    model.family.peripherals.serialPins.contains {
      $0.serialPort == port.name && $0.isTransmit == isTransmit
        && serialPort(at: $0.pin, isTransmit: isTransmit) === port
    }
  }

  /// A frame comes in at the pins of a serial port, by the port's name, whoever listens there: the bootloader or a program.
  func receive(_ frame: SerialFrame, atPort name: String) {
    bootloader.receive(frame, at: name)
    if let port = serialPort(name), hasPin(port, isTransmit: false) { receive(frame, at: port) }
  }

  /// Whether what a serial port sends comes out at the chip's pins.
  func isHeard(_ name: String) -> Bool {
    bootloader.isExecuting || serialPort(name).map { hasPin($0, isTransmit: true) } ?? false
  }

  /// A frame comes in at a serial port.
  func receive(_ frame: SerialFrame, at port: SerialPort) {
    port.receive(frame)
    peripherals.eventsChanged(of: port)
  }
}

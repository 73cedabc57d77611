/// A USART's request at a DMA stream (RM0090 tables 42 and 43).
struct SerialRequest: Sendable {
  /// The serial port.
  let port: String
  /// Whether it asks for a frame to transmit; else it has received one.
  let isTransmit: Bool
  /// The DMA controller, 0 or 1.
  let controller: Int
  /// The stream.
  let stream: Int
  /// The channel of the stream.
  let channel: UInt32

  init(_ port: String, transmit isTransmit: Bool, _ controller: Int, _ stream: Int, _ channel: UInt32) {
    self.port = port
    self.isTransmit = isTransmit
    self.controller = controller
    self.stream = stream
    self.channel = channel
  }
}

/// A USART's request at a DMA stream (RM0090 tables 42 and 43).
struct SerialRequest {
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

  private init(_ port: String, transmit isTransmit: Bool, _ controller: Int, _ stream: Int, _ channel: UInt32) {
    self.port = port
    self.isTransmit = isTransmit
    self.controller = controller
    self.stream = stream
    self.channel = channel
  }

  static let all = [
    SerialRequest("USART1", transmit: true, 1, 7, 4), SerialRequest("USART1", transmit: false, 1, 2, 4),
    SerialRequest("USART1", transmit: false, 1, 5, 4), SerialRequest("USART2", transmit: true, 0, 6, 4),
    SerialRequest("USART2", transmit: false, 0, 5, 4), SerialRequest("USART3", transmit: true, 0, 3, 4),
    SerialRequest("USART3", transmit: true, 0, 4, 7), SerialRequest("USART3", transmit: false, 0, 1, 4),
    SerialRequest("UART4", transmit: true, 0, 4, 4), SerialRequest("UART4", transmit: false, 0, 2, 4),
    SerialRequest("UART5", transmit: true, 0, 7, 4), SerialRequest("UART5", transmit: false, 0, 0, 4),
    SerialRequest("USART6", transmit: true, 1, 6, 5), SerialRequest("USART6", transmit: true, 1, 7, 5),
    SerialRequest("USART6", transmit: false, 1, 1, 5), SerialRequest("USART6", transmit: false, 1, 2, 5),
    SerialRequest("UART7", transmit: true, 0, 1, 5), SerialRequest("UART7", transmit: false, 0, 3, 5),
    SerialRequest("UART8", transmit: true, 0, 0, 5), SerialRequest("UART8", transmit: false, 0, 6, 5),
  ]
}

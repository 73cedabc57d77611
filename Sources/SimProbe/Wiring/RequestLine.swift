/// A peripheral's request to the DMA controllers: up while an item is to be moved (RM0090 tables 42 and 43).
final class RequestLine {
  /// A stream and a channel of a controller at which the request arrives.
  private struct End {
    unowned let controller: DirectMemoryAccess
    let stream: Int
    let channel: UInt32
    unowned let space: PeripheralSpace
  }

  private var isUp = false
  private var ends: [End] = []

  /// Connects the request to a channel of a controller's stream; `space` is where the controller is attached.
  func connect(to controller: DirectMemoryAccess, stream: Int, channel: UInt32, in space: PeripheralSpace) {
    ends.append(End(controller: controller, stream: stream, channel: channel, space: space))
  }

  /// Raises or lowers the request.
  ///
  /// A level that stays up is a new request after each transfer, which the controller looks at by itself.
  func drive(_ isUp: Bool, now: UInt64) {
    guard isUp != self.isUp else { return }
    self.isUp = isUp
    for end in ends {
      end.controller.request(stream: end.stream, channel: end.channel, isUp: isUp, now: now)
      end.space.eventsChanged(of: end.controller)
    }
  }
}

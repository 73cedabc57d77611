package import SimProbe
package import Sockets

/// A serial port of a simulated chip, connected to an endpoint on this system.
///
/// While it is connected the chip's time goes on with the system's, whether or not anybody uses the probe.
package final class SerialConnection: EventSource {
  /// How many bytes may wait for the wire: as many as a serial adapter's buffer holds.
  private static let bufferByteCount = 64
  /// How often the chip is looked at: a character takes 0.09 ms at 115200 baud, and adapters hand over every millisecond.
  private static let step: Duration = .milliseconds(2)

  /// What has gone over the cable until now.
  package var traffic: SerialCable.Traffic { cable.traffic }

  private let endpoint: any SerialEndpoint
  private let cable: SerialCable
  private let device: ServedDevice

  /// Connects the two.
  ///
  /// - Parameters:
  ///   - endpoint: the end on this system.
  ///   - cable: the end at the chip.
  ///   - device: the probe at the chip, which keeps its time beside the system's.
  package init(_ endpoint: any SerialEndpoint, to cable: SerialCable, of device: ServedDevice) {
    self.endpoint = endpoint
    self.cable = cable
    self.device = device
  }

  /// The endpoint, while there is room for what it sends.
  package var interests: [Int32: PollEvents] {
    guard cable.waitingCount < Self.bufferByteCount, let descriptor = endpoint.descriptor else { return [:] }
    return [descriptor: .readable]
  }

  /// The chip goes on by itself.
  package var patience: Duration? { Self.step }

  /// Something has been typed; the turn's end takes it.
  package func handle(_ events: PollEvents, on descriptor: Int32) {}

  /// Lets the chip's time go on, and carries what has come from either end.
  package func elapse() {
    device.request { _ in
      cable.setting = endpoint.setting
      let room = Self.bufferByteCount - cable.waitingCount
      if room > 0 {
        let typed = endpoint.read(atMost: room)
        if !typed.isEmpty { cable.send(typed) }
      }
      let received = cable.takeReceived()
      if !received.isEmpty { endpoint.write(received) }
    }
  }
}

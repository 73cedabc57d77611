import LinkInterface
import SimProbe

extension ServedDevice {
  /// Performs a command of a TCP client: the block, the data that go out, the reply.
  ///
  /// - Parameter plugCount: how often the device had been plugged in when the client opened it: what it opened then is gone
  ///   for good once the device was unplugged.
  func perform(_ command: ServerCommand, pluggedIn plugCount: Int?) -> CommandReply {
    request { device in
      guard device.isPlugged, device.plugCount == plugCount, let endpoints = DebugEndpoints(of: device.descriptors)
      else {
        return CommandReply(status: .transferError, byteCount: command.replyByteCount)
      }
      if command.direction != .readTrace {
        for data in [command.block, command.data] where !data.isEmpty {
          let answer = device.send(data, to: endpoints.output)
          guard answer == .complete else { return failure(answer, on: endpoints.output, of: device, for: command) }
        }
      }
      let input = command.direction == .readTrace ? endpoints.trace : endpoints.input
      guard command.replyByteCount > 0 else { return CommandReply(status: .ok, byteCount: 0) }
      var received: [UInt8] = []
      let answer = device.receive(atMost: command.replyByteCount, from: input, into: &received)
      guard answer == .complete else { return failure(answer, on: input, of: device, for: command) }
      let isWhole = received.count == command.replyByteCount || command.direction == .readTrace
      return CommandReply(
        status: isWhole ? .ok : .truncatedData, data: received, byteCount: command.replyByteCount)
    }
  }

  /// Answers for a transfer that failed, and clears the endpoint: the client has no way to do it.
  private func failure(
    _ answer: BulkAnswer, on endpoint: Endpoint, of device: any VirtualDevice, for command: ServerCommand
  ) -> CommandReply {
    if answer == .stall {
      _ = device.control(
        ControlSetup(requestType: 0x02, request: 0x01, value: 0, index: UInt16(endpoint.rawValue), length: 0),
        data: [])
    }
    let status: ServerStatus = answer == .notReady ? .timeout : .transferError
    return CommandReply(status: status, byteCount: command.replyByteCount)
  }
}

/// The three endpoints of a probe's debug interface, in the order of their descriptors: reply, command, trace.
struct DebugEndpoints {
  let input: Endpoint
  let output: Endpoint
  let trace: Endpoint

  /// Finds them; nil for a device whose first interface is no debug interface.
  init?(of descriptors: DeviceDescriptors) {
    let endpoints = descriptors.interfaces.first?.endpoints ?? []
    let inputs = endpoints.filter(\.isInput)
    guard let output = endpoints.first(where: { !$0.isInput }), inputs.count == 2 else { return nil }
    self.output = output
    input = inputs[0]
    trace = inputs[1]
  }
}

import LinkInterface
import SimProbe

/// Simulated probes that this machine's kernel has as USB devices, until the attachment is let go of.
///
/// The kernel is a USB/IP client at the other end of a pair of sockets; no network and no other program take part.
package final class KernelAttachment: EventSource {
  private var conversations: [Int32: USBIPConversation] = [:]

  /// Attaches devices.
  ///
  /// - Throws: `ServerError` when the kernel has no virtual host controller, or does not let this user use it.
  package init(devices: [ServedDevice]) throws(ServerError) {
    let controller = try VirtualHostController()
    for (index, device) in devices.enumerated() {
      let (own, kernels) = try Socket.pair()
      let port = try controller.freePort()
      try controller.attach(
        kernels.descriptor, to: port, deviceID: USBIPReply.deviceID(of: index),
        speed: device.device.speed.linuxNumber)
      conversations[own.descriptor] = USBIPConversation(ClientStream(own), client: index + 1, imported: device)
    }
  }

  /// Whether the kernel has given up all devices, as "usbip detach" makes it do.
  package var isOver: Bool { conversations.isEmpty }

  /// The kernel's ends of the connections.
  package var interests: [Int32: PollEvents] { conversations.mapValues(\.stream.interest) }

  /// A transfer under way is looked at again soon.
  package var patience: Duration? {
    conversations.values.contains { $0.isWaiting } ? USBIPConversation.step : nil
  }

  /// Serves the kernel.
  package func handle(_ events: PollEvents, on descriptor: Int32) {
    if let conversation = conversations[descriptor], !conversation.serve() { remove(descriptor) }
  }

  /// Goes on with transfers under way.
  package func elapse() {
    for (descriptor, conversation) in conversations where conversation.isOverAfterGoingOn { remove(descriptor) }
  }

  private func remove(_ descriptor: Int32) {
    conversations.removeValue(forKey: descriptor)?.end()
  }
}

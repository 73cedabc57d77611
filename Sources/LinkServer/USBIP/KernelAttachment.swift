import LinkInterface
import SimProbe
package import Sockets

/// Simulated probes that this machine's kernel has as USB devices, until the attachment is let go of.
///
/// The kernel is a USB/IP client at the other end of a pair of sockets; no network and no other program take part.
package final class KernelAttachment: EventSource {
  private var conversations: [Int32: (conversation: USBIPConversation, index: Int)] = [:]
  /// The devices that have left the bus and may come back.
  private var absent: Set<Int> = []
  private let devices: [ServedDevice]
  private let controller: VirtualHostController
  /// How often a device is looked at that may leave the bus or come back by itself.
  private static let glance: Duration = .milliseconds(5)

  /// Attaches devices.
  ///
  /// - Throws: `ServerError` when the kernel has no virtual host controller, or does not let this user use it.
  package init(devices: [ServedDevice]) throws(ServerError) {
    self.devices = devices
    controller = try VirtualHostController()
    for index in devices.indices {
      // What has not shown itself yet is attached when it does.
      if devices[index].isPlugged { try attach(index) } else { absent.insert(index) }
    }
  }

  private func attach(_ index: Int) throws(ServerError) {
    let (own, kernels) = try Socket.pair()
    let port = try controller.freePort()
    try controller.attach(
      kernels.descriptor, to: port, deviceID: USBIPReply.deviceID(of: index),
      speed: devices[index].device.speed.linuxNumber)
    let conversation = USBIPConversation(ClientStream(own), client: index + 1, imported: devices[index])
    conversations[own.descriptor] = (conversation, index)
  }

  /// Whether the kernel has given up all devices, as "usbip detach" makes it do.
  package var isOver: Bool { conversations.isEmpty && absent.isEmpty }

  /// The kernel's ends of the connections.
  package var interests: [Int32: PollEvents] { conversations.mapValues(\.conversation.stream.interest) }

  /// A transfer under way is looked at again soon.
  package var patience: Duration? {
    if conversations.values.contains(where: { $0.conversation.isWaiting }) { return USBIPConversation.step }
    let isRestless = !absent.isEmpty || conversations.values.contains { $0.conversation.isRestless }
    return isRestless ? KernelAttachment.glance : nil
  }

  /// Serves the kernel.
  package func handle(_ events: PollEvents, on descriptor: Int32) {
    if let entry = conversations[descriptor], !entry.conversation.serve() { remove(descriptor) }
  }

  /// Goes on with transfers under way.
  package func elapse() {
    for (descriptor, entry) in conversations {
      if entry.conversation.isRestless { devices[entry.index].follow() }
      if entry.conversation.isOverAfterGoingOn { remove(descriptor) }
    }
    for index in absent {
      devices[index].follow()
      guard devices[index].device.isPlugged else { continue }
      // A port that is not free yet will be.
      do throws(ServerError) {
        try attach(index)
        absent.remove(index)
      } catch {
        continue
      }
    }
  }

  private func remove(_ descriptor: Int32) {
    guard let entry = conversations.removeValue(forKey: descriptor) else { return }
    if entry.conversation.hasLeft { absent.insert(entry.index) }
    entry.conversation.end()
  }
}

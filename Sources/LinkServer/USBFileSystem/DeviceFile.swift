import Basics
import LinkInterface
import SimProbe

/// A device file that a program has opened: its transfers, those under way and those that are done.
final class DeviceFile {
  /// What a request comes to.
  enum Outcome: Equatable {
    /// Success, with ioctl's result.
    case done(Int32)
    /// Failure.
    case failed(LinuxError)
    /// The program wants a finished transfer and none is finished yet.
    ///
    /// With `mayFail` it does not wait: the answer is EAGAIN.
    case reaping(address: UInt64, mayFail: Bool)
  }

  let node: DeviceNode
  /// Which of the device's appearances the file was opened at.
  private let appearance: Int
  private var transfers = SubmissionQueue<RequestBlock>()

  init(node: DeviceNode) {
    self.node = node
    appearance = node.appearanceCount
  }

  /// Whether the device is there that the file was opened for: one that has reset itself is another one to a program.
  var hasItsDevice: Bool { node.isPlugged && node.appearanceCount == appearance }

  /// Whether a transfer is under way whose end the program may wait for.
  var isBusy: Bool { !transfers.pending.isEmpty }
  /// Whether a transfer can be reaped.
  var hasFinished: Bool { transfers.hasFinished }

  /// The program has closed the file or has ended.
  func close() {
    cancelAll()
    transfers = SubmissionQueue()
    node.forget(self)
  }

  // MARK: Transfers

  /// Takes a transfer over.
  func submit(_ block: RequestBlock) throws(LinuxError) {
    if block.kind != .control || block.endpoint.number != 0 {
      guard let interface = node.descriptors.interface(of: block.endpoint) else { throw .noEntry }
      // The kernel claims for a program that has forgotten to.
      try node.claim(interface, for: self)
      // A bulk request at an interrupt endpoint is an interrupt transfer to the kernel, but not the other way round.
      guard block.kind != .interrupt || node.descriptors.isInterrupt(block.endpoint) else { throw .invalid }
    }
    transfers.append(block)
    node.pump()
  }

  /// Ends a transfer before its time.
  func discard(_ address: UInt64) throws(LinuxError) {
    guard transfers.cancel(.noEntry, on: node.served, where: { $0.address == address }) else { throw .invalid }
  }

  /// Ends all transfers.
  func cancelAll() {
    _ = transfers.cancel(.noEntry, on: node.served) { _ in true }
  }

  /// Ends the transfers of one interface.
  func cancel(on interface: UInt8) {
    let descriptors = node.descriptors
    _ = transfers.cancel(.noEntry, on: node.served) { descriptors.interface(of: $0.endpoint) == interface }
  }

  /// Tells the program of the transfer that was finished first; false when there is none.
  func reap(to address: UInt64, memory: some ClientMemory) throws(ClientGone) -> Bool {
    guard let block = transfers.takeFinished() else { return false }
    try block.store(to: memory)
    try memory.write(block.address.littleEndianBytes, at: address)
    return true
  }

  /// Performs what can be performed; true when a transfer has finished.
  func pump() -> Bool {
    node.isReplaced ? transfers.cancel(.shutdown, on: node.served) { _ in true } : transfers.pump(on: node.served)
  }
}

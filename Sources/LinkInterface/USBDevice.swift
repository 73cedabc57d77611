/// One USB device, whatever it is: the seam between every driver of a device and everything that is one.
///
/// A real device, a simulated one, a recorder around another one and a replayed recording all conform; nothing above
/// this protocol can tell which one it holds. What a device is, which of its endpoints mean what and what of it is to
/// be opened (`USBFunction`) is its driver's to know. Calls are synchronous and a device has a single owner, so a
/// simulated session is deterministic.
public protocol USBDevice: AnyObject {
  /// What the device says of itself: ids, serial, product, speed, position on the bus.
  var identity: USBIdentity { get }

  /// The clock by which this device's time passes: real time on USB, virtual time in the simulator.
  ///
  /// Whoever has to wait for the target waits on this clock and on no other.
  var clock: any LinkClock { get }

  /// Performs transfers that belong together, in order, as one batch.
  ///
  /// A backend may queue the whole batch at once (command out, data out, status in), so an IN transfer can be pending
  /// on the bus before the command it answers has been sent. The first transfer that fails ends the batch: what was
  /// queued behind it is cancelled and the endpoint is left without a pending request.
  ///
  /// - Parameters:
  ///   - transfers: what to move, in order. An empty batch does nothing.
  ///   - deadline: the time on `clock` by which all of the batch must have finished.
  /// - Returns: for each transfer the bytes that came in, empty for those that only go out. An IN transfer may return
  ///   fewer bytes than asked for; judging that is the caller's part.
  /// - Throws: `LinkError`, naming the transfer that failed and keeping what the earlier ones returned.
  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]]

  /// When the transfers of the last batch ended, by the times of `clock` and in the batch's order, as far as the
  /// backend knows: fewer than the batch has after a failure, and none from a backend that does not see single ends.
  var completionTimes: [Duration] { get }

  /// Clears a stalled endpoint (`CLEAR_FEATURE(ENDPOINT_HALT)`).
  func clearStall(on endpoint: Endpoint) throws(LinkError)

  /// Resets the USB device: the last resort for one that a killed program left in mid-command.
  ///
  /// The device keeps its firmware's state where the real one does (an ST-LINK: mode, clock, NRST level).
  func reset() throws(LinkError)

  /// Gives the device back. Every later call throws `LinkError` with the reason `closed`. May be called twice.
  func close()
}

extension USBDevice {
  /// A backend sees no single ends unless it says so.
  public var completionTimes: [Duration] { [] }

  /// Performs one batch that has to finish within a time from now.
  public func perform(_ transfers: [Transfer], within limit: Duration) throws(LinkError) -> [[UInt8]] {
    try perform(transfers, by: clock.deadline(after: limit))
  }
}

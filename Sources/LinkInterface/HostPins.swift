/// The pins of this computer itself that are wired to a chip, such as a single-board computer's GPIO: the seam beside
/// `SerialLine`.
///
/// The kernel's pins and those of a simulated bench conform. A pin that was driven stays so until it is released.
public protocol HostPins: AnyObject {
  /// Drives a pin, by its number, to a level; it becomes an output with that.
  ///
  /// - Throws: `PinError`.
  func drive(_ pin: Int, high: Bool) throws(PinError)

  /// Gives all pins back: what they do then is for the system to say. May be called twice.
  func release()
}

/// A pin of this computer that could not be driven, and why.
public struct PinError: Error, Sendable, Equatable {
  /// How it failed.
  public enum Reason: Sendable, Equatable {
    /// This computer, or this kernel, has no such pins at all.
    case unavailable
    /// No pin has that number.
    case missing
    /// The operating system refuses access.
    case denied
    /// Another program, or a driver, holds the pin.
    case busy
    /// Anything else that the system reports, with its own number and words.
    case other(code: Int32, text: String)
  }

  /// How it failed.
  public var reason: Reason
  /// The pin.
  public var pin: Int
  /// What stands for the pins: the path of their device.
  public var device: String

  /// Makes an error.
  public init(_ reason: Reason, pin: Int, device: String) {
    self.reason = reason
    self.pin = pin
    self.device = device
  }
}

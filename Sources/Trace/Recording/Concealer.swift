package import LinkInterface

/// Finds in what was said what only whoever knows the protocol can find there, such as a chip's unique identifier.
///
/// It is told of everything in the order in which it happened.
package protocol Concealer: AnyObject {
  /// Something was sent: over a serial line, or by a control request.
  func sent(_ bytes: [UInt8], by request: ControlSetup?)

  /// What is recorded of what came in: the same, with zeros where nobody is to read it.
  func concealed(_ bytes: [UInt8], by request: ControlSetup?) -> [UInt8]
}

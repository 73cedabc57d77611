/// What receives a target's trace stream on one pin (SWO), as characters of a serial line, beside its debug port.
///
/// A probe that can does it itself: `STLink` does. It knows nothing of what the stream means.
public protocol TraceCapture: AnyObject {
  /// The fastest rate in baud that can be received.
  var fastestTraceBaud: Int { get }

  /// Begins to receive; what came in before is forgotten.
  ///
  /// - Parameter baud: the rate, 1 to `fastestTraceBaud`.
  func startTrace(baud: Int) throws(DebugError)

  /// Stops receiving; does no harm where nothing is received.
  func stopTrace() throws(DebugError)

  /// Takes what has come in since the last call; it does not wait for more.
  func readTrace() throws(DebugError) -> TracedBytes
}

/// What has come in of a trace stream.
public struct TracedBytes: Sendable, Equatable {
  /// The bytes, in order.
  public var bytes: [UInt8]
  /// Whether the receiver may have had no room for some before them.
  public var mayLackSome: Bool

  /// Makes a piece of a stream.
  public init(_ bytes: [UInt8] = [], mayLackSome: Bool = false) {
    self.bytes = bytes
    self.mayLackSome = mayLackSome
  }
}

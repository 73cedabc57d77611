package import SimProbe

/// What a serial cable leads to on this system: a pseudo-terminal, or this program's own standard streams.
package protocol SerialEndpoint: AnyObject {
  /// The descriptor that tells when there is something to read; nil while there is nothing to wait for.
  var descriptor: Int32? { get }

  /// In which rate and format it sends and receives; nil while it does neither.
  var setting: SerialCable.Setting? { get }

  /// Takes what is to be sent, at most so many bytes; never blocks.
  func read(atMost byteCount: Int) -> [UInt8]

  /// Takes what has come in; never blocks.
  func write(_ bytes: [UInt8])
}

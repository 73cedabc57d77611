/// A pcapng file that grows block by block, with one interface; packets of any link type.
///
/// The sink gets whole blocks, so that a killed program leaves a file that can be read. A sink that fails ends the file:
/// `failure` says so, and nothing more is written.
final class CaptureFile {
  private let sink: CaptureWriter.Sink
  private var packetCount: UInt64 = 0
  private var pendingMetadata: [MetadataEntry] = []
  private var isFinished = false
  /// Blocks that the sink has not got yet.
  private var blocks = LittleEndianBytes()

  /// Why the file ended before its owner did; nil while it goes on.
  private(set) var failure: (any Error)?

  /// Writes the file's head.
  init(
    application: String, metadata: [MetadataEntry], linkType: UInt16, interface: String,
    sink: @escaping CaptureWriter.Sink
  ) {
    self.sink = sink
    PcapngBlock.appendSectionHeader(application: application, metadata: metadata, to: &blocks)
    PcapngBlock.appendInterfaceDescription(linkType: linkType, name: interface, to: &blocks)
    flush()
  }

  /// Whether what comes is still written.
  var isWriting: Bool { !isFinished && failure == nil }

  /// Adds a fact; it goes with the next packet.
  func note(_ entry: MetadataEntry) {
    pendingMetadata.append(entry)
  }

  /// Appends a packet; it goes to the sink with the next `flush`.
  ///
  /// - Parameters:
  ///   - time: since 1970.
  ///   - notes: what is said of this packet.
  ///   - data: appends the packet's bytes.
  func append(
    at time: Duration, byteCount: Int, notes: [MetadataEntry] = [], data: (inout LittleEndianBytes) -> Void
  ) {
    packetCount += 1
    PcapngBlock.appendEnhancedPacket(
      at: time, byteCount: byteCount, metadata: notes + pendingMetadata, to: &blocks, data: data)
    pendingMetadata = []
  }

  /// Hands the blocks over that have been made.
  func flush() {
    defer { blocks.removeAll() }
    guard isWriting else { return }
    do {
      try sink(blocks.bytes)
    } catch {
      failure = error
    }
  }

  /// Ends the file; what comes later is not written.
  ///
  /// May be called twice.
  ///
  /// - Parameter time: since 1970.
  func finish(at time: Duration) {
    guard !isFinished else { return }
    PcapngBlock.appendInterfaceStatistics(
      packetCount: packetCount, time: time, metadata: pendingMetadata, to: &blocks)
    pendingMetadata = []
    flush()
    isFinished = true
  }
}

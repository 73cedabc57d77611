import LinkInterface

// SWO: the probe's receiver of the target's trace stream.

extension STLink: TraceCapture {
  /// 2 Mbaud on a V2 and V2-1 (stlink and ST; OpenOCD goes up to 2.25), 16 Mbaud on a V3 (UM2448; OpenOCD and stlink ask for
  /// up to 24).
  public var fastestTraceBaud: Int { product.generation.speaksVersion3 ? 16_000_000 : 2_000_000 }

  /// Begins to receive; needs no target.
  ///
  /// - Throws: `DebugError.unsupported` before V2J13.
  public func startTrace(baud: Int) throws(DebugError) {
    try firmware.require(.trace)
    // ST's own tools stop before they start (recorded).
    try stopTrace()
    try channel.run(.startTrace(bufferByteCount: traceBufferByteCount, baud: UInt32(clamping: baud)))
    isTracing = true
  }

  /// Stops receiving; what has not been read is lost.
  public func stopTrace() throws(DebugError) {
    isTracing = false
    try firmware.require(.trace)
    try channel.run(.stopTrace)
  }

  /// Asks how many bytes wait, and fetches them before anything else is asked: the probe gives them to nobody afterwards.
  public func readTrace() throws(DebugError) -> TracedBytes {
    guard isTracing, let endpoint = product.endpoints.trace else { return TracedBytes() }
    let reply = try channel.run(.getTraceCount)
    let count = Int(reply[0]) | Int(reply[1]) << 8
    guard count > 0 else { return TracedBytes() }
    do throws(LinkError) {
      let bytes = try probe.perform([.bulkIn(endpoint, byteCount: count)], within: channel.commandLimit)[0]
      // The count stays at the size of the buffer when it has overflowed (st-trace's rule).
      return TracedBytes(bytes, mayLackSome: count >= Int(traceBufferByteCount) - STLink.traceMargin)
    } catch {
      throw .transport(error, during: STLinkOpcode.getTraceCount.name)
    }
  }

  /// What stlink asks for; OpenOCD, pyOCD and ST's tools ask for 4096 everywhere.
  private var traceBufferByteCount: UInt16 { product.generation.speaksVersion3 ? 16_384 : 4096 }
  /// A buffer that is as full as this may have overflowed.
  private static let traceMargin = 64
}

// A libFuzzer target for the readers of recordings; `scripts/fuzz` builds and runs it.
//
// Compiled together with the sources of `Trace`, so that no build product of the package is needed.

import LinkInterface

/// Reads arbitrary bytes as a recording; what reads well has to survive the text form, and a replay of itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let capture = try? Capture.read(bytes) else { return 0 }
  let repeatable = (64 << 20) / 256
  precondition(capture.session.exchanges.count <= count + repeatable, "more transfers than bytes and repetitions give")
  let held = capture.session.exchanges.reduce(0) { $0 + $1.request.outgoingBytes.count + $1.incomingBytes.count }
  precondition(held <= 4 * count + (64 << 20), "more bytes than the file has and repetitions may stand for")
  let text = capture.session.text
  let again = try? Capture.read(Array(text.utf8))
  precondition(again?.session.text == text, "the text form does not read back")
  let replayer = Replayer(capture.session)
  for exchange in capture.session.exchanges.prefix(64) {
    _ = try? replayer.perform([exchange.request], by: Deadline(time: .seconds(1_000_000)))
  }
  return 0
}

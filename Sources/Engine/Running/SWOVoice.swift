import Basics
import Failures

/// What a program says by the ITM, and what the DWT says of it, over SWO.
final class SWOVoice: ProgramVoice {
  private var receiver: SWOReceiver
  private let told: (RunEvent) -> Void
  private var overflowCount = 0
  private var unknownCount = 0

  /// Sets receiver and target up; the core may run or stand.
  init(
    _ access: any DebugAccess, capture: any TraceCapture, device: Device, options: SWOOptions,
    told: @escaping (RunEvent) -> Void
  ) throws(SWOError) {
    self.told = told
    receiver = SWOReceiver(access: access, capture: capture, device: device, options: options)
    receiver.onBytes = { told(.traceBytes($0)) }
    receiver.onRate = { rate in
      told(.found("SWO at \(rate.baud) baud: HCLK \((rate.clockHertz / 1000).frequency) divided by \(rate.divisor)"))
    }
    try receiver.start()
  }

  func poll(atOnce: Bool) throws(DebugError) -> [ProgramOutput] {
    var outputs: [ProgramOutput] = []
    for packet in try onReceiver({ (receiver) throws(SWOError) in try receiver.poll() }) {
      switch packet {
      case .stimulus(let port, let value, let byteCount):
        let bytes = Array(value.littleEndianBytes.prefix(byteCount))
        if outputs.last?.source == .itm(port) {
          outputs[outputs.count - 1].bytes += bytes
        } else {
          outputs.append(ProgramOutput(.itm(port), bytes))
        }
      case .overflow:
        overflowCount += 1
        told(.packet(packet))
      case .unknown:
        unknownCount += 1
        told(.packet(packet))
      default: told(.packet(packet))
      }
    }
    return outputs
  }

  func finish() throws(DebugError) {
    try onReceiver { (receiver) throws(SWOError) in try receiver.stop() }
  }

  var remarks: [String] {
    var remarks: [String] = []
    if receiver.lossCount > 0 {
      remarks.append(
        "SWO: the probe had no room for all that came in (\(receiver.lossCount) times); a lower rate helps")
    }
    if overflowCount > 0 {
      remarks.append(
        "SWO: the chip has lost packets, because the line is slower than its program (\(overflowCount) times)")
    }
    if receiver.byteCount == 0 {
      remarks.append(
        "SWO: nothing came in: the program writes nothing to its ports, PB3 is used for something else or is not wired to the probe"
      )
    } else if unknownCount > 3 {
      remarks.append(
        "SWO: \(unknownCount) pieces of what came in are no packets: the program's clock may be another than was found")
    }
    return remarks
  }

  private func onReceiver<Value>(_ body: (inout SWOReceiver) throws(SWOError) -> Value) throws(DebugError) -> Value {
    do throws(SWOError) {
      return try body(&receiver)
    } catch {
      if case .access(let error) = error { throw error }
      // The program has set a clock by which the rate that was asked for cannot be had.
      throw .probeUnusable(reason: error.report.summary, remedy: "Name a rate that both clocks allow")
    }
  }
}

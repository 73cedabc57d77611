import Basics
import Failures

/// What a program says by the ITM, and what the DWT says of it, over SWO.
final class SWOVoice: ProgramVoice {
  private var receiver: SWOReceiver
  private let told: (RunEvent) -> Void
  private var timeline: TraceTimeline
  private var silence: SWOSilence?
  private var overflowCount = 0
  private var unknownCount = 0

  /// Sets receiver and target up; the core may run or stand.
  init(
    _ access: any DebugAccess, capture: any TraceCapture, device: Device, options: SWOOptions,
    told: @escaping (RunEvent) -> Void
  ) throws(SWOError) {
    self.told = told
    timeline = TraceTimeline(hasTimestamps: options.hasTimestamps)
    receiver = SWOReceiver(access: access, capture: capture, device: device, options: options)
    receiver.onBytes = { told(.traceBytes($0)) }
    receiver.onRate = { rate in
      told(.found("SWO at \(rate.baud) baud: HCLK \((rate.clockHertz / 1000).frequency) divided by \(rate.divisor)"))
    }
    try receiver.start()
  }

  func poll(atOnce: Bool) throws(DebugError) -> [ProgramOutput] {
    var outputs: [ProgramOutput] = []
    let packets = try onReceiver { (receiver) throws(SWOError) in try receiver.poll() }
    for entry in timeline.add(packets, at: receiver.rate) {
      switch entry.packet {
      case .stimulus(let port, let value, let byteCount):
        let bytes = Array(value.littleEndianBytes.prefix(byteCount))
        if outputs.last?.source == .itm(port) {
          outputs[outputs.count - 1].bytes += bytes
          outputs[outputs.count - 1].chipTime = entry.time
        } else {
          outputs.append(ProgramOutput(.itm(port), bytes, chipTime: entry.time))
        }
        continue
      case .overflow: overflowCount += 1
      case .unknown: unknownCount += 1
      default: break
      }
      told(.packet(entry.packet, at: entry.time))
    }
    return outputs
  }

  func finish() throws(DebugError) {
    var failure: DebugError?
    do throws(DebugError) {
      if receiver.byteCount == 0 {
        silence = try onReceiver { (receiver) throws(SWOError) in try receiver.explainSilence() }
      }
    } catch {
      // What was set up is taken out all the same.
      failure = error
    }
    try onReceiver { (receiver) throws(SWOError) in try receiver.stop() }
    if let failure { throw failure }
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
    if let silence {
      remarks.append("nothing came over SWO: \(silence.text)")
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

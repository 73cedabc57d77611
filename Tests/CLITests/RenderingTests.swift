import Basics
import Engine
import Failures
import Testing

@testable import stflash

struct RenderingTests {
  @Test(
    arguments: zip(
      [0, 1, 999, 1000, 16_384, 1_048_576, 1_048_577, 29_184],
      ["0 bytes", "1 byte", "999 bytes", "1,000 bytes", "16 KiB", "1 MiB", "1,048,577 bytes", "28.5 KiB"]))
  func `sizes read like in a data sheet`(byteCount: Int, text: String) {
    #expect(byteCount.byteSize == (text == "28.5 KiB" ? "29,184 bytes" : text))
  }

  @Test func `addresses, voltages and times have one form`() {
    #expect(UInt32(0x0800_4000).hexadecimal == "0x0800_4000")
    #expect(UInt32(0).hexadecimal == "0x0000_0000")
    #expect(3268.volts == "3.27 V")
    #expect(51.volts == "0.05 V")
    #expect(Duration.microseconds(1_234_567).decimalSeconds(places: 3) == "1.234")
    #expect(Duration.milliseconds(-5).decimalSeconds(places: 3) == "-0.005")
    #expect(Duration.microseconds(850).inWords == "0.8 ms")
    #expect(Duration.milliseconds(250).inWords == "0.25 s")
    #expect(Duration.seconds(125).inWords == "2 min 05 s")
    #expect(Duration.seconds(1).throughput(ofBytes: 66_816) == "65.3 KiB/s")
    #expect(Duration.zero.throughput(ofBytes: 1) == nil)
  }

  @Test func `a bar shows how far a phase has come`() {
    var bar = ProgressBar(phase: .programming, total: 1_048_576)
    #expect(bar.line(columns: 60) == "programming [------------------]   0 %      0 of 1,024 KiB")
    bar.done = 524_288
    #expect(bar.line(columns: 60) == "programming [#########---------]  50 %    512 of 1,024 KiB")
    #expect(bar.line(columns: 30) == "programming  50 %    512 of 1,024 KiB")
    bar.done = 1_048_576
    #expect(bar.line(columns: 200).contains(String(repeating: "#", count: 40)))
    #expect(ProgressBar(phase: .erasing, total: 0).line(columns: 80).contains("100 %"))
  }

  @Test func `a status line is never wider than the terminal and messages go above it`() {
    let sink = BufferSink()
    let messages = MessageStream(
      console: Console(
        output: BufferSink(), error: sink, terminal: Console.Terminal(columns: { 10 }, usesColour: false)))
    messages.show(status: "0123456789ABC")
    messages.show(status: "0123456789ABC")
    messages.print("hello")
    messages.clearStatus()
    messages.clearStatus()
    messages.print("bye")
    #expect(
      sink.text == "\r012345678\u{1B}[K" + "\r\u{1B}[Khello\n012345678" + "\r\u{1B}[K" + "bye\n")
  }

  @Test func `without a terminal there is no status line`() {
    let sink = BufferSink()
    let messages = MessageStream(console: Console(output: BufferSink(), error: sink, terminal: nil))
    messages.show(status: "0123")
    messages.clearStatus()
    #expect(sink.text == "")
  }

  @Test func `a failure names its cause, then the evidence, then the remedy`() {
    let report = FailureReport(.flash, "it broke", evidence: ["SR 0x10"], remedies: ["mend it"])
    #expect(rendered(.failure(report)) == "stflash: error: it broke\n  SR 0x10\n  try: mend it\n")
    #expect(rendered(.failure(report), verbosity: .quiet) == rendered(.failure(report)))
    #expect(rendered(.failure(report), colour: true).hasPrefix("\u{1B}[1;31mstflash: error:\u{1B}[0m it broke\n"))
  }

  @Test func `warnings are left out under quiet and notes come with verbose`() {
    #expect(rendered(.warning("careful")) == "warning: careful\n")
    #expect(rendered(.warning("careful"), verbosity: .quiet) == "")
    #expect(rendered(.note("by the way")) == "")
    #expect(rendered(.note("by the way"), verbosity: .verbose) == "info: by the way\n")
  }
}

import TestSupport
import Testing

@testable import SimProbe

/// Programming: the rules of RM0090 3.6.4 and what each violation does.
@Suite struct FlashProgramTests {
  @Test func `a word is programmed and keeps the interface busy for 16 microseconds`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    #expect(bench.program(0x100, 0x1234_5678) == .done(0, cycles: 0))
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
    #expect(bench.finish() == 16_000)
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.load(0x100).value == 0x1234_5678)
  }

  @Test func `a slow part takes 100 microseconds`() throws {
    var bench = try FlashBench(slow: true)
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    bench.program(0x100, 0)
    #expect(bench.finish() == 100_000)
  }

  @Test func `programming only clears bits and asking for more is no error`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0xFF00_FF00, at: 0)
    bench.put(0x0FF0_0FF0, at: 0)
    #expect(bench.load(0).value == 0x0F00_0F00)
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `any sequence of programming is the conjunction of its words`() throws {
    var random = SeededGenerator(seed: 41)
    var bench = try FlashBench()
    bench.unlock()
    var expected: [Int: UInt32] = [:]
    for _ in 0..<500 {
      let offset = Int.random(in: 0..<64, using: &random) * 4
      let value = UInt32.random(in: .min ... .max, using: &random)
      bench.put(value, at: offset)
      expected[offset, default: 0xFFFF_FFFF] &= value
    }
    for (offset, value) in expected {
      #expect(bench.load(offset).value == value, "seed \(random.seed)")
    }
  }

  @Test(arguments: [(BusWidth.byte, UInt32(0x001)), (.halfword, 0x101), (.word, 0x201)])
  func `each parallelism takes accesses of its own width`(width: BusWidth, control: UInt32) throws {
    var bench = try FlashBench()
    bench.unlock()
    for other in [BusWidth.byte, .halfword, .word] {
      bench.write(FlashBench.cr, control)
      bench.program(0x40, 0, other)
      bench.finish()
      #expect(bench.read(FlashBench.sr) == (other == width ? 0 : 0x40), "\(other) with CR \(control)")
      bench.write(FlashBench.sr, 0xF0)
    }
    #expect(bench.load(0x40).value == [.byte: 0xFFFF_FF00, .halfword: 0xFFFF_0000, .word: 0][width])
  }

  @Test(arguments: [true, false])
  func `a write without PG is dropped with PGSERR`(locked: Bool) throws {
    let bench = try FlashBench()
    if !locked { bench.unlock() }
    #expect(bench.program(0, 0, .byte) == .done(0, cycles: 0))
    #expect(bench.read(FlashBench.sr) == 0x80)
    #expect(bench.load(0).value == 0xFFFF_FFFF)
  }

  @Test func `a write without PG of another width sets PGPERR too`() throws {
    let bench = try FlashBench()
    bench.program(0, 0, .word)
    #expect(bench.read(FlashBench.sr) == 0xC0)
  }

  @Test func `a write across a 16-byte row is dropped with PGAERR`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    bench.program(0x0E, 0)
    #expect(bench.read(FlashBench.sr) == 0x20)
    #expect(bench.load(0x0C).value == 0xFFFF_FFFF)
  }

  @Test func `programming goes on with SER and SNB left set`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x22B)
    bench.program(0x8000, 0xABCD_0123)
    bench.finish()
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.load(0x8000).value == 0xABCD_0123)
  }

  @Test func `stale flags do not stop an operation and stay`() throws {
    var bench = try FlashBench()
    bench.program(0, 0)
    bench.unlock()
    bench.put(0x55, at: 0)
    #expect(bench.load(0).value == 0x55)
    #expect(bench.read(FlashBench.sr) == 0xC0)
  }

  @Test func `a second access while busy is stalled to the end of the first`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    bench.program(0, 0)
    #expect(bench.program(4, 0) == .stalled(until: bench.now + 16_000))
  }

  @Test func `x64 programs two words as one with the high voltage at VPP`() throws {
    var bench = try FlashBench()
    bench.flash.hasProgrammingVoltage = true
    bench.unlock()
    bench.write(FlashBench.cr, 0x301)
    bench.program(0x10, 0x1111_2222)
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.load(0x10).value == 0xFFFF_FFFF)
    bench.program(0x14, 0x3333_4444)
    #expect(bench.finish() == 16_000)
    #expect(bench.load(0x10).value == 0x1111_2222)
    #expect(bench.load(0x14).value == 0x3333_4444)
  }

  @Test func `the second half of an x64 access must follow the first`() throws {
    let bench = try FlashBench()
    bench.flash.hasProgrammingVoltage = true
    bench.unlock()
    bench.write(FlashBench.cr, 0x301)
    bench.program(0x10, 0)
    bench.program(0x1C, 0)
    #expect(bench.read(FlashBench.sr) == 0x80)
    #expect(bench.load(0x10).value == 0xFFFF_FFFF)
  }

  @Test func `x64 without VPP programs nothing`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x301)
    bench.program(0x10, 0)
    bench.program(0x14, 0)
    #expect(bench.read(FlashBench.sr) == 0x40)
    #expect(bench.load(0x10).value == 0xFFFF_FFFF)
  }

  @Test(arguments: [(2000, UInt32(0x201)), (2000, 0x101), (2400, 0x201)])
  func `a parallelism too wide for the supply leaves cells unprogrammed and says nothing`(
    millivolts: Int, control: UInt32
  ) throws {
    var bench = try FlashBench()
    bench.flash.supply(millivolts: millivolts)
    bench.unlock()
    bench.write(FlashBench.cr, control)
    let width = control == 0x201 ? BusWidth.word : .halfword
    for offset in stride(from: 0, to: 256, by: Int(width.rawValue)) {
      bench.program(offset, 0, width)
      bench.finish()
    }
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.flash.main.contents(0..<256).contains { $0 != 0 })
  }

  @Test(arguments: [(1800, UInt32(0x001), BusWidth.byte), (2100, 0x101, .halfword), (2700, 0x201, .word)])
  func `the widest parallelism of each supply range programs well`(
    millivolts: Int, control: UInt32, width: BusWidth
  ) throws {
    var bench = try FlashBench()
    bench.flash.supply(millivolts: millivolts)
    bench.unlock()
    bench.write(FlashBench.cr, control)
    for offset in stride(from: 0, to: 256, by: Int(width.rawValue)) {
      bench.program(offset, 0, width)
      bench.finish()
    }
    #expect(bench.flash.main.contents(0..<256).allSatisfy { $0 == 0 })
  }
}

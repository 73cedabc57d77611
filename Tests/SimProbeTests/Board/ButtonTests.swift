import Testing

@testable import SimProbe

/// What hangs on a board's pins.
@Suite struct ButtonTests {
  @Test(arguments: BoardModel.catalogue)
  func `a button reads as let go until it is pressed, whatever firmware pulls`(model: BoardModel) throws {
    let bench = try BoardBench(model.name)
    #expect(!model.buttons.isEmpty || model.name == "feather-f405")
    bench.connect()
    bench.enableClocks()
    for button in model.buttons {
      let base = 0x4002_0000 + UInt32(button.port) << 10
      let level = { bench.read(base + 0x10).map { $0 >> UInt32(button.pin) & 1 == 1 } }
      // Without a resistor it is firmware's: up for a button at ground, down for one at the supply.
      for pull: UInt32 in button.hasResistor ? 0...2 : button.isHighWhenPressed ? 2...2 : 1...1 {
        bench.write(base + 0x0C, pull << UInt32(2 * button.pin))
        #expect(level() == !button.isHighWhenPressed, "\(button.name) with pull \(pull)")
      }
      bench.board.press(button)
      #expect(level() == button.isHighWhenPressed)
      bench.board.press(button, false)
      #expect(level() == !button.isHighWhenPressed)
    }
  }

  @Test func `a board of no make has floating pins`() throws {
    let bench = try BoardBench("stm32f411re")
    bench.connect()
    bench.enableClocks()
    #expect(bench.read(0x4002_0810).map { $0 >> 13 & 1 } == 0)
    bench.write(0x4002_080C, 1 << 26)
    #expect(bench.read(0x4002_0810).map { $0 >> 13 & 1 } == 1)
  }
}

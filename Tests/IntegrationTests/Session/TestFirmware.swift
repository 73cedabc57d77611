/// Programs of firmware/tests that tests of sessions run.
enum TestFirmware {
  /// Sets up a clock and wait states as its last words say.
  case racing
  /// Watches what it has set up in the debug unit.
  case watching

  /// The program from 0x0800_0000 on.
  var bytes: [UInt8] { words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } }
}

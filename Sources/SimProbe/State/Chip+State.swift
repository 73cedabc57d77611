import Basics

/// What a chip keeps without power: flash, OTP, option bytes, wear and identity.
extension Chip {
  /// The chip's lasting state as bytes; waits for a flash operation in progress to end, as the chip would.
  func saveState() -> [UInt8] {
    synchronise()
    if let end = flash.busyUntil { clock.advance(to: end) }
    synchronise()
    var writer = StateWriter()
    writer.section(.chip, Array(model.name.utf8))
    writer.section(.uniqueID, bus.uniqueID)
    let options = flash.storedOptions
    writer.section(
      .options,
      [options.user, options.writeProtect, options.writeProtect2].flatMap {
        [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
      })
    writer.section(.otp, StateFormat.runs(of: flash.otp))
    writer.section(.flash, StateFormat.runs(of: flash.main))
    writer.section(.wear, flash.eraseCounts.flatMap(\.littleEndianBytes))
    return writer.finish()
  }

  /// Takes over a saved state; the chip has to be without power.
  ///
  /// Nothing changes when an error is thrown.
  func loadState(_ bytes: [UInt8]) throws(StateError) {
    let reader = try StateReader(bytes)
    let name = String(decoding: try reader.payload(.chip), as: UTF8.self)
    guard name == model.name else { throw StateError.otherChip(found: name, expected: model.name) }
    let uniqueID = try reader.payload(.uniqueID, byteCount: model.family.memory.uniqueID.count)
    let options = try reader.payload(.options, byteCount: 6)
    let otp = try reader.runs(.otp, within: flash.otp.byteCount)
    let main = try reader.runs(.flash, within: flash.main.byteCount)
    let wear = try reader.words(.wear, count: flash.eraseCounts.count)

    bus.uniqueID = uniqueID
    flash.storedOptions = OptionBytes(
      user: UInt16(options[0]) | UInt16(options[1]) << 8, writeProtect: UInt16(options[2]) | UInt16(options[3]) << 8,
      writeProtect2: UInt16(options[4]) | UInt16(options[5]) << 8)
    flash.eraseCounts = wear
    for (memory, runs) in [(flash.otp, otp), (flash.main, main)] {
      memory.fill(0..<memory.byteCount, with: 0xFF)
      for run in runs { memory.replace(at: run.offset, with: run.bytes) }
    }
    flash.loadOptions()
  }
}

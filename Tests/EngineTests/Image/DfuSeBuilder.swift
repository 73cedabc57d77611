/// Builds DfuSe files for tests: prefix, targets, suffix.
struct DfuSeBuilder {
  /// Content for one alternate setting.
  struct Target {
    var alternate: UInt8 = 0
    var name: String?
    var elements: [(address: UInt32, bytes: [UInt8])]
  }

  var targets: [Target]

  /// The file without its suffix.
  func body() -> [UInt8] {
    var result: [UInt8] = []
    for target in targets {
      let elements = target.elements.flatMap { word($0.address) + word(UInt32($0.bytes.count)) + $0.bytes }
      let name = Array((target.name ?? "").utf8)
      result += Array("Target".utf8) + [target.alternate] + word(target.name == nil ? 0 : 1)
      result += name + [UInt8](repeating: 0, count: 255 - name.count)
      result += word(UInt32(elements.count)) + word(UInt32(target.elements.count)) + elements
    }
    return Array("DfuSe".utf8) + [1] + word(UInt32(result.count + 11)) + [UInt8(targets.count)] + result
  }

  /// The whole file.
  func file() -> [UInt8] { DfuSeBuilder.suffixed(body(), specification: 0x011A) }

  /// Bytes with a DFU suffix behind them that fits.
  static func suffixed(_ bytes: [UInt8], specification: UInt16 = 0x0100) -> [UInt8] {
    var result = bytes + [0xFF, 0xFF, 0x11, 0xDF, 0x83, 0x04]
    result += [UInt8(truncatingIfNeeded: specification), UInt8(specification >> 8)] + Array("UFD".utf8) + [16]
    // The polynomial bit by bit, so that the reader's table is not compared with itself.
    var crc = UInt32.max
    for byte in result {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return result + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
  }

  private func word(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// The descriptors of the ROM bootloader's USB device, byte for byte (AN3156; as dfu-util and lsusb show them).
struct DFUDescriptors {
  /// How many memories there are: flash, option bytes, OTP, and what the supply is.
  static let alternateCount = 4
  /// The number of the string that names the first of them.
  private static let firstName: UInt8 = 4

  private let chip: Chip

  init(_ chip: Chip) {
    self.chip = chip
  }

  /// The device descriptor.
  var device: [UInt8] { [18, 1, 0x00, 0x01, 0, 0, 0, 64, 0x83, 0x04, 0x11, 0xDF, 0x00, 0x22, 1, 2, 3, 1] }

  /// The configuration: the memories as alternate settings, and behind the last one the functional descriptor.
  var configuration: [UInt8] {
    let names = Self.firstName..<Self.firstName + UInt8(Self.alternateCount)
    let memories: [UInt8] = names.flatMap { name in
      let alternate = name - Self.firstName
      return [9, 4, 0, alternate, 0, 0xFE, 0x01, 0x02, name] as [UInt8]
    }
    let size = UInt16(DFUFunction.blockByteCount)
    // Downloads, uploads, will detach; not tolerant of manifestation. DFU 1.1 with ST's extension.
    let functional: [UInt8] = [
      9, 0x21, 0x0B, 0xFF, 0x00, UInt8(truncatingIfNeeded: size), UInt8(size >> 8), 0x1A, 0x01,
    ]
    let length = 9 + memories.count + functional.count
    let head: [UInt8] = [9, 2, UInt8(length), 0, 1, 1, 0, 0xC0, 50]
    return head + memories + functional
  }

  /// A string descriptor; nil where there is none of that number.
  func string(_ number: UInt8) -> [UInt8]? {
    if number == 0 { return [4, 3, 0x09, 0x04] }
    let texts = ["STMicroelectronics", "STM32  BOOTLOADER", serial] + memoryNames
    guard texts.indices.contains(Int(number) - 1) else { return nil }
    let units = Array(texts[Int(number) - 1].utf16)
    let body: [UInt8] = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let descriptor: [UInt8] = [UInt8(2 + body.count), 3] + body
    let isCut = chip.bootloader.facts.deviations.contains(.cutsMemoryName)
    return isCut ? Array(descriptor.prefix(Self.longestName)) : descriptor
  }

  private static let longestName = 112

  /// Twelve digits out of the 96 bits of the unique identifier, as the factory's program makes them (libopencm3).
  private var serial: String {
    let id = chip.bus.uniqueID
    let bytes = [id[11], id[10] &+ id[2], id[9], id[8] &+ id[0], id[7], id[6]]
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  private var memoryNames: [String] {
    let secondOptions = chip.model.die.hasSecondBankRegisters ? "/0x1FFEC000/01*016 e" : ""
    return [
      chip.bootloader.dfu.quirks.flashName ?? "@Internal Flash  /0x08000000/" + flashLayout,
      "@Option Bytes  /0x1FFFC000/01*016 e" + secondOptions,
      "@OTP Memory /0x1FFF7800/01*512 e,01*016 e", "@Device Feature/0xFFFF0000/01*004 e",
    ]
  }

  /// The sectors, those of one size that follow each other together: "04*016Kg,01*064Kg,07*128Kg".
  private var flashLayout: String {
    var groups: [(count: Int, kibibytes: UInt32)] = []
    for sector in chip.flash.map.sectors {
      if groups.last?.kibibytes == sector.byteCount >> 10 {
        groups[groups.count - 1].count += 1
      } else {
        groups.append((1, sector.byteCount >> 10))
      }
    }
    return groups.map { "\(Self.digits($0.count, 2))*\(Self.digits(Int($0.kibibytes), 3))Kg" }.joined(separator: ",")
  }

  private static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

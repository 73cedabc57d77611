/// The DFU interface of a device, as its configuration descriptor tells of it (USB DFU 1.1, 4.2).
struct DFUInterface: Sendable, Equatable {
  /// One alternate setting: a memory that can be worked on.
  struct Alternate: Sendable, Equatable {
    /// bAlternateSetting.
    var number: UInt8
    /// iInterface; 0 where it has no name.
    var nameIndex: UInt8
  }

  /// What the functional descriptor says that the device does (bmAttributes).
  struct Abilities: OptionSet, Sendable {
    let rawValue: UInt8
    static let download = Abilities(rawValue: 1 << 0)
    static let upload = Abilities(rawValue: 1 << 1)
    /// It can be talked to after a download too.
    static let manifestationTolerant = Abilities(rawValue: 1 << 2)
    /// It leaves the bus by itself when it is told to detach.
    static let willDetach = Abilities(rawValue: 1 << 3)
  }

  /// bInterfaceNumber.
  var number: UInt8
  /// Whether the device is in DFU mode; else its program runs and can be asked to make way.
  var isInDFUMode: Bool
  /// The memories.
  var alternates: [Alternate]
  /// What it does; nil where the functional descriptor is missing.
  var abilities: Abilities?
  /// The most that one block holds (wTransferSize); nil where the functional descriptor is missing.
  var blockByteCount: Int?
  /// How long it waits for a reset once it has been told to detach (wDetachTimeOut); nil where the functional descriptor is
  /// missing.
  var detachTime: Duration?
  /// bcdDFUVersion; nil where the functional descriptor is missing, or of DFU 1.0.
  var version: UInt16?

  /// Whether it speaks ST's dialect, by the mark that ST's bootloaders have in place of a version.
  var isDfuSe: Bool { version == 0x011A }

  /// Finds the DFU interface in a configuration descriptor with all that belongs to it; nil where there is none.
  init?(configuration: [UInt8]) {
    var found: DFUInterface?
    var isInside = false
    var position = 0
    while position + 2 <= configuration.count, configuration[position] >= 2 {
      let part = Array(configuration[position..<min(configuration.count, position + Int(configuration[position]))])
      position += part.count
      switch part[1] {
      case 0x04 where part.count >= 9:
        isInside = part[5] == 0xFE && part[6] == 0x01 && (found == nil || found?.number == part[2])
        guard isInside else { continue }
        let alternate = Alternate(number: part[3], nameIndex: part[8])
        if found == nil {
          found = DFUInterface(number: part[2], isInDFUMode: part[7] == 0x02, alternates: [alternate])
        } else {
          found?.alternates.append(alternate)
        }
      // The functional descriptor: nine bytes, seven in DFU 1.0.
      case 0x21 where isInside && part.count >= 7:
        found?.abilities = Abilities(rawValue: part[2])
        found?.detachTime = .milliseconds(Int(part[3]) | Int(part[4]) << 8)
        found?.blockByteCount = Int(part[5]) | Int(part[6]) << 8
        if part.count >= 9 { found?.version = UInt16(part[7]) | UInt16(part[8]) << 8 }
      default: break
      }
    }
    guard let found else { return nil }
    self = found
  }

  private init(number: UInt8, isInDFUMode: Bool, alternates: [Alternate]) {
    self.number = number
    self.isInDFUMode = isInDFUMode
    self.alternates = alternates
  }
}

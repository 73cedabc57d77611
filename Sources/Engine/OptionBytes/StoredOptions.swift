import Basics

/// The option bytes of a chip as its registers hold them and as the flash stores them.
///
/// A tool that was killed may have written the registers without starting their programming: they say then what is
/// stored nowhere, until the next reset loads them anew (RM0090, 3.7.2).
public struct OptionReading: Sendable, Equatable {
  /// What the registers hold, which is what acts.
  public let loaded: OptionBytes
  /// What a reset will load; nil where it cannot be read.
  public let stored: OptionBytes?

  /// What counts from the next reset on, as far as can be told.
  public var lasting: OptionBytes { stored ?? loaded }

  /// Whether the registers hold something that is not stored.
  public var differs: Bool { stored.map { $0 != loaded } ?? false }

  /// Reads both; what is stored only at level 0, where a debugger may, and while OPTCR is unlocked, where it is tried.
  ///
  /// - Parameters:
  ///   - believesFlash: whether what the flash answers can be believed; else only the registers are asked.
  ///   - onlyWhereUnlocked: whether the flash is asked only while OPTCR is unlocked, as a tool leaves it that was killed.
  static func read(
    over access: any DebugAccess, _ layout: OptionLayout, believesFlash: Bool, onlyWhereUnlocked: Bool = false
  ) throws(FlashError) -> OptionReading {
    let (loaded, isLocked) = try FlashError.wrapping("reading the option registers") { () throws(DebugError) in
      let control = try access.read(FlashOptionControl.self)
      let control1 = layout.die.hasSecondBank ? try access.read(FlashOptionControl1.self) : nil
      return (OptionBytes(layout, control: control, control1: control1), control[.optionLock])
    }
    // What an unlocked register says of the level may have been written and not started.
    guard believesFlash, !isLocked || loaded.readProtection == .level0 && !onlyWhereUnlocked else {
      return OptionReading(loaded: loaded, stored: nil)
    }
    do throws(DebugError) {
      return OptionReading(loaded: loaded, stored: try OptionBytes.readStored(access, instead: loaded))
    } catch {
      if !isLocked, error.isOfTheTarget { return OptionReading(loaded: loaded, stored: nil) }
      throw .access(error, during: "reading the option bytes")
    }
  }

  /// What to tell of registers that differ; nil where they do not.
  var warning: String? {
    guard let stored, differs else { return nil }
    return "somebody has written the option registers and not started their programming: FLASH_OPTCR says "
      + "\(loaded.optionControl.rawValue.hexadecimal), stored is \(stored.optionControl.rawValue.hexadecimal), which "
      + "counts from the next reset on"
  }
}

extension OptionBytes {
  /// Reads the registers; that changes nothing and works at RDP level 1 too.
  static func readLoaded(_ access: any DebugAccess, _ layout: OptionLayout) throws(DebugError) -> OptionBytes {
    let control = try access.read(FlashOptionControl.self)
    let control1 = layout.die.hasSecondBank ? try access.read(FlashOptionControl1.self) : nil
    return OptionBytes(layout, control: control, control1: control1)
  }

  /// Reads what the flash stores, which a chip at RDP level 1 hides from a debugger.
  ///
  /// Bits that are no field stand as they are in the registers, `loaded`.
  static func readStored(
    _ access: any TargetMemory, instead loaded: OptionBytes
  ) throws(DebugError) -> OptionBytes {
    let die = loaded.layout.die
    var stored = loaded
    for half in die.family.memory.optionHalfwords where half.register == .control || die.hasSecondBank {
      let mask = loaded.layout.mask(of: half.register) & 0xFFFF << half.shift
      let bits = try access.readWord(at: half.address) << half.shift & mask
      stored[half.register] = stored[half.register] & ~mask | bits
    }
    return stored
  }

  /// Reads the same where a command takes much longer than some bytes: each register's option bytes at once.
  ///
  /// Bits that are no field are as they are stored, too: who writes the area writes all of it.
  static func readStoredAtOnce(_ memory: any TargetMemory, _ layout: OptionLayout) throws(DebugError) -> OptionBytes {
    var stored = OptionBytes(
      layout, control: FlashOptionControl(rawValue: 0), control1: FlashOptionControl1(rawValue: 0))
    let map = layout.die.family.memory
    for register in OptionField.Register.allCases where register == .control || layout.die.hasSecondBank {
      let halves = map.optionHalfwords.filter { $0.register == register }
      let area = register == .control ? map.optionBytes.range : map.optionBytesOfBank2.range
      let bytes = try memory.readMemory(at: area.lowerBound, byteCount: area.count)
      for half in halves {
        let value = UInt32(bytes.littleEndianHalfword(at: Int(half.address - area.lowerBound)))
        stored[register] |= value << half.shift
      }
    }
    return stored
  }
}

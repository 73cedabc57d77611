import Engine

/// The registers of a Cortex-M as GDB knows them, with GDB's numbers (features/arm of GDB's sources).
enum TargetDescription {
  /// What a number stands for.
  enum Register: Equatable {
    /// One that the core has by itself.
    case core(CoreRegister)
    /// A byte of the word that holds CONTROL, FAULTMASK, BASEPRI and PRIMASK.
    case special(shift: UInt32)
    /// A double-precision register: two single-precision ones.
    case double(UInt8)
    /// FPSCR.
    case floatStatus
  }

  /// How many registers stand in the answer to `g`: R0 to R15 and xPSR; the others are asked for one by one.
  static let generalCount = 17

  /// The register of a number; nil for none.
  static func register(_ number: UInt32, hasFPU: Bool) -> Register? {
    switch number {
    case 0...15: .core(CoreRegister(rawValue: UInt8(number)))
    case 25: .core(.xPSR)
    case 26: .core(.mainStackPointer)
    case 27: .core(.processStackPointer)
    case 28: .special(shift: 0)
    case 29: .special(shift: 8)
    case 30: .special(shift: 16)
    case 31: .special(shift: 24)
    case 32...47 where hasFPU: .double(UInt8(number - 32))
    case 48 where hasFPU: .floatStatus
    default: nil
    }
  }

  /// S0 to S31 and FPSCR by DCRSR's selectors (ARMv7-M, C1.6.3).
  static func single(_ number: UInt8) -> CoreRegister { CoreRegister(rawValue: 64 + number) }
  static let floatStatus = CoreRegister(rawValue: 33)

  /// The document.
  static func document(hasFPU: Bool) -> String {
    var text = """
      <?xml version="1.0"?>
      <!DOCTYPE target SYSTEM "gdb-target.dtd">
      <target version="1.0">
      <architecture>arm</architecture>
      <feature name="org.gnu.gdb.arm.m-profile">

      """
    for number in 0...12 { text += register("r\(number)", number) }
    text += register("sp", 13, type: "data_ptr") + register("lr", 14) + register("pc", 15, type: "code_ptr")
    text += register("xpsr", 25) + "</feature>\n<feature name=\"org.gnu.gdb.arm.m-system\">\n"
    text += register("msp", 26, type: "data_ptr") + register("psp", 27, type: "data_ptr")
    for (number, name) in ["primask", "basepri", "faultmask", "control"].enumerated() {
      text += register(name, 28 + number, bits: 8, type: "int8", group: "system")
    }
    text += "</feature>\n"
    if hasFPU {
      text += "<feature name=\"org.gnu.gdb.arm.vfp\">\n"
      for number in 0...15 {
        text += register("d\(number)", 32 + number, bits: 64, type: "ieee_double", group: "float")
      }
      text += register("fpscr", 48, group: "float") + "</feature>\n"
    }
    return text + "</target>\n"
  }

  private static func register(
    _ name: String, _ number: Int, bits: Int = 32, type: String = "int", group: String = "general"
  ) -> String {
    "<reg name=\"\(name)\" bitsize=\"\(bits)\" regnum=\"\(number)\" type=\"\(type)\" group=\"\(group)\"/>\n"
  }
}

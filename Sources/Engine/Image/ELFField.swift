/// A field of the ELF header that has to hold one value, and the names of the others that it may hold.
struct ELFField {
  /// What the field says, in prose.
  var name: String
  /// Where it lies in the file.
  var offset: Int
  /// Whether it has 16 bits; else it has 8.
  var isHalfword: Bool
  /// The value that we accept.
  var value: UInt16
  /// What that value means.
  var meaning: String
  /// What other values mean.
  var others: [UInt16: String]

  /// A value by name, or by number where it has none here.
  func name(of found: UInt16) -> String {
    others[found] ?? String(found)
  }

  /// The fields that decide whether a file is firmware for a Cortex-M, in the order in which they have to be read.
  ///
  /// Class and byte order come first, because they decide how the rest is laid out.
  static let checked = [
    ELFField(
      name: "the ELF class", offset: 4, isHalfword: false, value: 1, meaning: "32-bit", others: [2: "64-bit"]),
    ELFField(
      name: "the byte order", offset: 5, isHalfword: false, value: 1, meaning: "little-endian",
      others: [2: "big-endian"]),
    ELFField(name: "the ELF version", offset: 6, isHalfword: false, value: 1, meaning: "1", others: [:]),
    ELFField(
      name: "the machine", offset: 18, isHalfword: true, value: 40, meaning: "ARM",
      others: [
        0: "none", 3: "Intel 80386", 8: "MIPS", 20: "PowerPC", 42: "SuperH", 62: "x86-64", 83: "AVR", 94: "Xtensa",
        105: "MSP430", 183: "AArch64", 243: "RISC-V",
      ]),
    ELFField(
      name: "the file type", offset: 16, isHalfword: true, value: 2, meaning: "an executable",
      others: [
        0: "none", 1: "a relocatable object, which has not been linked", 3: "a shared object, which needs a loader",
        4: "a core dump",
      ]),
  ]
}

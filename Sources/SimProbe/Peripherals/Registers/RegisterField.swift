/// What software can do to a field of a register, by the reference manuals' own codes.
enum RegisterAccess: Equatable, Sendable {
  /// Read and write.
  case readWrite
  /// Read only.
  case readOnly
  /// Write only: reads 0; the write itself acts.
  case writeOnly
  /// Software can set it and only hardware clears it.
  case readSet
  /// Writing 1 clears it.
  case writeOneClears
  /// Writing 0 clears it.
  case writeZeroClears
}

/// A field of a register: its name, its bits, and what software can do to it.
struct RegisterField: Equatable, Sendable {
  /// The name in the reference manual.
  let name: String
  /// The bits, lowest first.
  let bits: ClosedRange<UInt32>
  /// What software can do.
  let access: RegisterAccess

  /// A field of several bits.
  init(_ name: String, _ bits: ClosedRange<UInt32>, _ access: RegisterAccess = .readWrite) {
    self.name = name
    self.bits = bits
    self.access = access
  }

  /// A field of one bit.
  init(_ name: String, _ bit: UInt32, _ access: RegisterAccess = .readWrite) {
    self.init(name, bit...bit, access)
  }

  /// The bits as a mask.
  var mask: UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bits.count) - 1) << UInt64(bits.lowerBound))
  }
}

/// A register of a peripheral as its manual describes it.
struct RegisterDescription: Equatable, Sendable {
  /// What software can do to which bits, folded from the fields.
  struct Masks: Equatable, Sendable {
    var readable: UInt32 = 0xFFFF_FFFF
    var readWrite: UInt32 = 0
    var readSet: UInt32 = 0
    var writeOneClears: UInt32 = 0
    var writeZeroClears: UInt32 = 0
  }

  /// The name in the reference manual.
  let name: String
  /// The offset from the peripheral's base address.
  let offset: UInt32
  /// The value after reset.
  let reset: UInt32
  /// The fields; bits of no field read as reset and ignore writes.
  let fields: [RegisterField]
  /// The fields' access modes.
  let masks: Masks

  init(_ name: String, at offset: UInt32, reset: UInt32 = 0, _ fields: [RegisterField]) {
    self.name = name
    self.offset = offset
    self.reset = reset
    self.fields = fields
    var masks = Masks()
    for field in fields {
      switch field.access {
      case .readWrite: masks.readWrite |= field.mask
      case .readOnly: break
      case .writeOnly: masks.readable &= ~field.mask
      case .readSet: masks.readSet |= field.mask
      case .writeOneClears: masks.writeOneClears |= field.mask
      case .writeZeroClears: masks.writeZeroClears |= field.mask
      }
    }
    self.masks = masks
  }

  /// A register whose bits of a mask can all be written.
  init(_ name: String, at offset: UInt32, reset: UInt32 = 0, writable mask: UInt32) {
    self.init(name, at: offset, reset: reset, RegisterField.runs(name, mask, .readWrite))
  }
}

extension RegisterField {
  /// A field for each run of ones in a mask, named after the register.
  static func runs(_ name: String, _ mask: UInt32, _ access: RegisterAccess) -> [RegisterField] {
    var fields: [RegisterField] = []
    var rest = mask
    while rest != 0 {
      let low = UInt32(rest.trailingZeroBitCount)
      let length = UInt32((~(rest >> low)).trailingZeroBitCount)
      fields.append(RegisterField(name, low...low + length - 1, access))
      rest &= ~fields[fields.count - 1].mask
    }
    return fields
  }
}

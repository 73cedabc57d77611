// Applying changes to the option bytes of a chip.
extension OptionBytes {
  /// The same with some changes, in any order.
  ///
  /// - Throws: `OptionRefusal` where the chip has no such field or sector, and where two changes contradict each other.
  func applying(_ assignments: [OptionAssignment]) throws(OptionRefusal) -> OptionBytes {
    var result = self
    var touched: [OptionField.Register: UInt32] = [:]
    for assignment in assignments {
      for (register, mask) in try result.bits(touchedBy: assignment) {
        guard touched[register, default: 0] & mask == 0 else { throw .setTwice(assignment.text) }
        touched[register, default: 0] |= mask
      }
    }
    // How the flash is cut, and what its bits mean, before the sectors that are named by their numbers.
    for assignment in assignments.sorted(by: { $0.rank < $1.rank }) { try result.apply(assignment) }
    return result
  }

  private mutating func apply(_ assignment: OptionAssignment) throws(OptionRefusal) {
    switch assignment.target {
    case .field(let role, let bits): self[try field(role, assignment)] = bits
    case .level1:
      if case .level1 = readProtection { return }
      self[.readProtection] = OptionBytes.usualLevel1
    case .register(let register, let word, let named):
      let mask = layout.mask(of: register) & named
      self[register] = self[register] & ~mask | word & mask
    case .sectorBits(let name, let bits): self[try sectorField(named: name)] = bits
    case .sectorBit(let number, let isSet):
      let (field, bit) = try sectorBit(number)
      self[field] = isSet ? self[field] | 1 << bit : self[field] & ~(1 << bit)
    case .marks(let choice, let areCode):
      if areCode { self[try field(.codeProtection, assignment)] = choice == .none ? 0 : 1 }
      if !areCode && isCodeProtection { throw .meansCodeProtection(assignment.text) }
      mark(only: try sectors(choice))
    case .moreMarks(let numbers):
      if isCodeProtection { throw .meansCodeProtection(assignment.text) }
      mark(only: markedSectors + (try sectors(.numbers(numbers))))
    }
  }

  /// The bits that a change gives a value to.
  private func bits(
    touchedBy assignment: OptionAssignment
  ) throws(OptionRefusal) -> [(OptionField.Register, UInt32)] {
    switch assignment.target {
    case .field(let role, _):
      let field = try field(role, assignment)
      return [(field.register, field.mask)]
    case .level1:
      let field = try field(.readProtection, assignment)
      return [(field.register, field.mask)]
    case .register(let register, _, let named):
      guard register == .control || layout.die.hasSecondBank else { throw noSuchField(register.rawValue) }
      return [(register, layout.mask(of: register) & named)]
    case .sectorBits(let name, _):
      let field = try sectorField(named: name)
      return [(field.register, field.mask)]
    case .sectorBit(let number, _):
      let (field, bit) = try sectorBit(number)
      return [(field.register, 1 << (field.bits.lowerBound + bit))]
    case .marks(_, let areCode):
      let mode = areCode ? [try field(.codeProtection, assignment)] : []
      return (sectorFields + mode).map { ($0.register, $0.mask) }
    case .moreMarks: return sectorFields.map { ($0.register, $0.mask) }
    }
  }

  private var sectorFields: [OptionField] {
    layout.fields.filter { if case .sectorProtection = $0.role { true } else { false } }
  }

  private func field(_ role: OptionField.Role, _ assignment: OptionAssignment) throws(OptionRefusal) -> OptionField {
    guard let field = layout.field(role) else {
      throw noSuchField(String(assignment.text.prefix { $0 != "=" }))
    }
    return field
  }

  private func noSuchField(_ name: String) -> OptionRefusal {
    .noSuchField(name, deviceName: layout.die.name, fields: layout.fields.map(\.name))
  }

  /// The field whose name has the numbers, or the only one there is where the name has none.
  private func sectorField(named name: String) throws(OptionRefusal) -> OptionField {
    let candidates = sectorFields.filter { $0.name.uppercased() == name.uppercased() || name.count == 4 }
    guard candidates.count == 1 else { throw noSuchField(name) }
    return candidates[0]
  }

  private func sectorBit(_ number: Int) throws(OptionRefusal) -> (OptionField, UInt32) {
    for field in sectorFields {
      let first = field.role == .sectorProtection(bank: 2) ? layout.die.family.sectors.firstNumberOfBank2 : 0
      if (first..<first + field.bits.count).contains(number) { return (field, UInt32(number - first)) }
    }
    throw noSuchField("nWRP\(number)")
  }

  private func sectors(_ choice: OptionAssignment.SectorChoice) throws(OptionRefusal) -> [Sector] {
    let all = sectorMap?.sectors ?? []
    switch choice {
    case .none: return []
    case .all: return all
    case .numbers(let numbers):
      for number in numbers where !all.contains(where: { $0.number == number }) {
        throw .noSuchSector(number, sectors: all.list)
      }
      let chosen = all.filter { numbers.contains($0.number) }
      // One bit of F413/423 covers two sectors (RM0430, 3.8.5).
      let covered = all.filter { sector in
        chosen.contains { $0.bank == sector.bank && $0.protectionBit == sector.protectionBit }
      }
      guard covered.count == chosen.count else {
        throw .sharedBit(
          covered.filter { !chosen.contains($0) }
            + chosen.filter { $0.protectionBit == layout.die.family.sectors.lastProtectionBit })
      }
      return chosen
    }
  }
}

extension OptionAssignment {
  /// Its place among others: whole registers first, then the fields, then sectors by number.
  fileprivate var rank: Int {
    switch target {
    case .register: 0
    case .field, .level1: 1
    case .sectorBits, .sectorBit: 2
    case .marks, .moreMarks: 3
    }
  }
}

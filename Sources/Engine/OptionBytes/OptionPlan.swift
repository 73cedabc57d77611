/// What a change of option bytes would do: worked out and checked before anything is touched.
public struct OptionPlan: Sendable, Equatable {
  /// One field that gets another value.
  public struct Change: Sendable, Equatable {
    /// The field.
    public let field: OptionField
    /// The value before and afterwards, by word and in bits: "off (0b11)".
    public let before: String, after: String
    /// What the new value does.
    public let meaning: String
    /// When it acts.
    public let effect: OptionEffect
  }

  /// How the chip is called.
  public let deviceName: String
  /// What is stored before.
  public let before: OptionBytes
  /// What will be stored.
  public let after: OptionBytes
  /// What is programmed, one after the other; two where PCROP can only be taken off on the way down from level 1.
  public let steps: [OptionBytes]
  /// The sectors whose content is lost: all of them, or none.
  public let erasedSectors: [Sector]
  /// What cannot be undone.
  public let commitments: [OptionCommitment]
  /// What the user should think of.
  public internal(set) var warnings: [String]
  /// How long it is expected to take, and at most.
  public let typicalDuration: Duration, maximumDuration: Duration

  /// Whether there is nothing to do.
  public var isEmpty: Bool { steps.isEmpty }

  /// Whether the program runs again only when the power has been switched off and on, or the change acts only then.
  public var needsPowerCycle: Bool { changes.contains { $0.effect == .powerCycle || $0.effect == .nextStart } }

  /// The fields that get another value, in the order in which they are shown.
  public var changes: [Change] {
    after.fields(differingFrom: before).map { field in
      Change(
        field: field, before: before.text(of: field), after: after.text(of: field), meaning: after.meaning(of: field),
        effect: effect(of: field))
    }
  }

  private func effect(of field: OptionField) -> OptionEffect {
    switch field.role {
    case .sectorProtection, .codeProtection: return .atOnce
    case .readProtection:
      switch (before.readProtection, after.readProtection) {
      case (_, .level2): return .nextStart
      case (_, .level0): return .withErase
      default: return .powerCycle
      }
    default: return .reset
    }
  }
}

/// When a new value acts.
public enum OptionEffect: String, Sendable {
  /// As soon as it is programmed.
  case atOnce
  /// While it is programmed: the flash is erased on the way.
  case withErase
  /// With the reset that ends the work.
  case reset
  /// With that reset; the program runs again only when the power has been switched off and on.
  case powerCycle
  /// When the chip is reset or switched on the next time, which is left to the user.
  case nextStart

  /// The moment in words.
  public var text: String {
    switch self {
    case .atOnce: "at once"
    case .withErase: "at once, with an erase of the whole flash"
    case .reset: "with the reset that follows"
    case .powerCycle: "with the reset that follows; the program runs when the power was off and on again"
    case .nextStart: "when the chip is reset or switched on next, for ever"
    }
  }
}

/// Something that cannot be undone: whoever wants it has to say so in words.
public enum OptionCommitment: Sendable, Equatable {
  /// RDP level 2: nobody debugs or programs the chip again.
  case readProtectionForEver
  /// PCROP on sectors: it goes only together with the whole flash.
  case codeProtection([Sector])

  /// The words.
  public var words: String {
    switch self {
    case .readProtectionForEver: "RDP level 2"
    case .codeProtection: "PCROP"
    }
  }

  /// What it means, in a sentence.
  public var meaning: String {
    switch self {
    case .readProtectionForEver:
      "RDP level 2 is for ever: no debugger, no bootloader and no change of option bytes, and nothing takes it back"
    case .codeProtection(let sectors):
      "PCROP on \(sectors.count == 1 ? "sector" : "sectors") \(sectors.list) is taken back only by an erase of the whole "
        + "flash (RDP from level 1 to level 0)"
    }
  }
}

extension OptionBytes {
  /// A field's word with its bits: "2.4V (0b01)".
  public func text(of field: OptionField) -> String { "\(word(for: field)) (\(field.bitText(self[field])))" }
}

/// What somebody who asks for a change allows beside it.
public struct OptionPermissions: Sendable, Equatable {
  /// Whether the whole flash may be erased.
  public var mayEraseEverything: Bool
  /// The words for what cannot be undone.
  public var commitments: [String]

  /// Allows nothing, unless it is said.
  public init(mayEraseEverything: Bool = false, commitments: [String] = []) {
    self.mayEraseEverything = mayEraseEverything
    self.commitments = commitments
  }

  /// Refuses a plan that does more than is allowed.
  func check(_ plan: OptionPlan) throws(OptionRefusal) {
    if !plan.erasedSectors.isEmpty && !mayEraseEverything { throw .erasesEverything(plan.erasedSectors) }
    for commitment in plan.commitments
    where !commitments.contains(where: { $0.lowercased() == commitment.words.lowercased() }) {
      throw .irreversible(commitment)
    }
  }
}

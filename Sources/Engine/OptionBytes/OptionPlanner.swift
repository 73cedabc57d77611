import Basics

/// Works out what a change of option bytes does, and refuses what must not be; needs no chip.
struct OptionPlanner {
  let device: Device
  /// What is stored.
  let before: OptionBytes
  /// The supply; nil where it is not known.
  let millivolts: Int?

  /// A plan for some changes of single fields.
  func plan(changing assignments: [OptionAssignment]) throws(OptionRefusal) -> OptionPlan {
    try plan(storing: try before.applying(assignments))
  }

  /// A plan for new option bytes.
  ///
  /// - Parameter erasesAnyway: whether the flash is erased even where nothing that is stored asks for it.
  func plan(storing after: OptionBytes, erasesAnyway: Bool = false) throws(OptionRefusal) -> OptionPlan {
    guard before.readProtection != .level2 else { throw .closedForEver(before) }
    let steps = try steps(to: after, erasesAnyway: erasesAnyway)
    if !steps.isEmpty {
      try checkBanks(after)
      try checkSupply(after)
    }
    let isRegression = !steps.isEmpty && (steps.count > 1 || opensReadProtection(after))
    let erase = device.sectorMap.family.timing.massErase(device.sectorMap, .x8)
    let sector = OptionPlanner.optionSector
    return OptionPlan(
      deviceName: device.name, before: before, after: after, steps: steps,
      erasedSectors: isRegression ? device.sectorMap.sectors : [], commitments: commitments(after),
      warnings: warnings(after),
      typicalDuration: sector.typical * steps.count + (isRegression ? erase.typical : .zero),
      maximumDuration: sector.maximum * steps.count + (isRegression ? erase.maximum : .zero))
  }

  /// The option sector is erased and programmed: about the time of a sector of 16 KiB at x8 (DS8626, table 39).
  static let optionSector = FlashTiming.Bounds(360, 2000)

  private func opensReadProtection(_ after: OptionBytes) -> Bool {
    before.readProtection != .level0 && after.readProtection == .level0
  }

  // MARK: - The way there

  /// PCROP comes off only while RDP falls from level 1 to 0 (RM0090, 3.7.4): a chip at level 0 goes up first.
  private func steps(to after: OptionBytes, erasesAnyway: Bool) throws(OptionRefusal) -> [OptionBytes] {
    if after == before && !erasesAnyway { return [] }
    let opens = !openedSectors(after).isEmpty || before.isCodeProtection && !after.isCodeProtection
    guard opens || erasesAnyway else { return [after] }
    guard after.readProtection == .level0 else { throw .codeProtectionStays(openedSectors(after)) }
    guard before.readProtection == .level0 else { return [after] }
    var raised = before
    raised[.readProtection] = OptionBytes.usualLevel1
    return [raised, after]
  }

  /// The sectors that have PCROP before and not afterwards.
  private func openedSectors(_ after: OptionBytes) -> [Sector] {
    guard before.isCodeProtection else { return [] }
    return before.markedSectors.filter { !after.isCodeProtection || after.bit(of: $0) != 1 }
  }

  // MARK: - What must not be

  /// 2 MiB always have two banks, less than 1 MiB never has (RM0090, 3.9.10): DB1M must stay 0 there.
  private func checkBanks(_ after: OptionBytes) throws(OptionRefusal) {
    guard after[.dualBank] == 1, before[.dualBank] == 0, !after.layout.hasChoiceOfBanks else { return }
    throw .noChoiceOfBanks(byteCount: device.flashByteCount)
  }

  /// A chip whose supply stays below its brown-out threshold never starts, and no debugger reaches it to set it back.
  private func checkSupply(_ after: OptionBytes) throws(OptionRefusal) {
    guard after[.brownOutLevel] != before[.brownOutLevel], let threshold = after.brownOutThreshold, let millivolts,
      millivolts < threshold.rising
    else { return }
    throw .brownOutAboveSupply(after.brownOutReset, needed: threshold.rising, millivolts: millivolts)
  }

  private func commitments(_ after: OptionBytes) -> [OptionCommitment] {
    var commitments: [OptionCommitment] = []
    if after.readProtection == .level2 { commitments.append(.readProtectionForEver) }
    if after.isCodeProtection {
      let had = before.isCodeProtection ? before.markedSectors : []
      let new = after.markedSectors.filter { !had.contains($0) }
      if !new.isEmpty || !before.isCodeProtection { commitments.append(.codeProtection(new)) }
    }
    return commitments
  }

  // MARK: - What to think of

  private func warnings(_ after: OptionBytes) -> [String] {
    let changed = Set(after.fields(differingFrom: before).map(\.role))
    var warnings: [String] = []
    if changed.contains(.brownOutLevel), after.brownOutThreshold != nil, millivolts == nil {
      warnings.append("the supply is not known: a chip whose supply stays \(after.brownOutReset) never starts")
    }
    if changed.contains(.softwareWatchdog), after[.softwareWatchdog] == 0 {
      warnings.append(
        "the watchdog will start at every reset: a program that does not reload it is reset every 0.5 s")
    }
    if changed.contains(.readProtection), case .level1 = after.readProtection {
      warnings.append("nothing but an erase of the whole flash takes read protection off again")
    }
    if changed.contains(.dualBank) {
      warnings.append(
        "DB1M changes the sectors' sizes and numbers, and with them what the nWRP bits stand for; what lies in the flash "
          + "should be written again")
    }
    if changed.contains(.startsFromBank2), after[.startsFromBank2] == 1, !after.hasTwoBanks {
      warnings.append("BFB2 does nothing while the flash is one bank")
    }
    return warnings
  }
}

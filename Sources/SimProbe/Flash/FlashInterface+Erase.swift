extension FlashInterface {
  /// CR.STRT has been written: starts what SER, MER and MER1 ask for (RM0090, 3.6.3).
  func startErase(now: UInt64) {
    let parallelism = control.parallelism
    let banks = banksToErase
    switch (control.has(FlashControl.ser), !banks.isEmpty) {
    case (true, true), (false, false): return
    case (true, false):
      let selector = control.sectorSelector(bits: variant.die.sectorNumberBits)
      guard let index = map.index(selectedBy: selector) else { return fail(.writeProtectionError) }
      let sector = map.sectors[index]
      let duration = timing.erase(sectorOf: sector.byteCount, parallelism) * (defects?.slowness ?? 1)
      start(erasing: 1 << UInt32(index), banks: 1 << UInt8(sector.bank), duration, parallelism, now)
    case (false, true):
      let sectors = map.sectors.indices.filter { banks.contains(map.sectors[$0].bank) }
      let mask = sectors.reduce(0 as UInt32) { $0 | 1 << UInt32($1) }
      let sizes = banks.map { _ in map.byteCount / UInt32(map.bankCount) }
      let busy = banks.reduce(0 as UInt8) { $0 | 1 << UInt8($1) }
      let duration = timing.erase(banksOf: sizes, parallelism) * (defects?.slowness ?? 1)
      start(erasing: mask, banks: busy, duration, parallelism, now)
    }
  }

  /// The banks that MER and MER1 name; MER1 names nothing where there is one bank.
  private var banksToErase: [Int] {
    var banks: [Int] = []
    if control.has(FlashControl.mer) { banks.append(0) }
    if control.has(FlashControl.mer1), map.bankCount == 2 { banks.append(1) }
    return banks
  }

  private func start(
    erasing sectors: UInt32, banks: UInt8, _ duration: UInt64, _ parallelism: Parallelism, _ now: UInt64
  ) {
    guard sectors & protectedSectors == 0, !isShutByReadProtection else { return fail(.writeProtectionError) }
    begin(
      FlashOperation(
        kind: .erase(sectors: sectors), start: now, end: now + duration, busyBanks: banks,
        isReliable: supports(parallelism)))
  }

  /// Makes the sectors read 0xFF and counts their wear.
  func erase(_ sectors: UInt32, reliably isReliable: Bool) {
    for (index, sector) in map.sectors.enumerated() where sectors & 1 << UInt32(index) != 0 {
      countWear(of: sector)
      work.erasedSectorCount += 1
      if defects?.holdsCharge(sector) ?? false { continue }
      let range = Int(sector.offset)..<Int(sector.offset + sector.byteCount)
      if isReliable, !(defects?.isWorn(sector) ?? false) {
        main.fill(range, with: 0xFF)
      } else {
        // Too weak for about one cell in eight that held a 0.
        weaken(range) { old, random in old | random.next() | random.next() | random.next() }
      }
    }
    defects?.hold(main)
  }

  /// What an RDP regression erases: all of the flash, protected sectors too, and the backup SRAM; not the OTP area.
  func eraseForRegression(reliably isReliable: Bool) {
    erase(.max, reliably: isReliable)
    backupMemoryErased.send()
  }

  /// Leaves an operation half done, as a reset or the loss of power in its middle does.
  func tear(_ operation: FlashOperation, now: UInt64) {
    switch operation.kind {
    case .program(let target, let offset, let original, let byteCount):
      let cells = cells(of: target)
      for index in 0..<byteCount {
        let before = UInt8(truncatingIfNeeded: original >> UInt64(index * 8))
        let half = cells.byte(at: offset + index) | UInt8(truncatingIfNeeded: random.next()) & before
        cells.store(UInt32(half), .byte, at: offset + index)
      }
    case .erase(let sectors): tearErase(of: sectors)
    case .options(_, let massEraseEnd):
      if let massEraseEnd, now < massEraseEnd { return tearErase(of: .max) }
      if massEraseEnd != nil { eraseForRegression(reliably: operation.isReliable) }
      storedOptions = .blank
    }
  }

  private func tearErase(of sectors: UInt32) {
    for (index, sector) in map.sectors.enumerated() where sectors & 1 << UInt32(index) != 0 {
      weaken(Int(sector.offset)..<Int(sector.offset + sector.byteCount)) { old, random in old | random.next() }
      countWear(of: sector)
    }
  }

  private func weaken(_ range: Range<Int>, _ change: (UInt64, inout ChipRandom) -> UInt64) {
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
      let old = UInt64(main.word(at: offset))
      main.store(UInt32(truncatingIfNeeded: change(old, &random)), .word, at: offset)
    }
  }

  private func countWear(of sector: FlashSector) {
    let first = Int(sector.offset >> FlashInterface.granuleShift)
    for granule in first..<first + Int(sector.byteCount >> FlashInterface.granuleShift) {
      eraseCounts[granule] &+= 1
    }
  }
}

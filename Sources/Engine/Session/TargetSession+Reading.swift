import LinkInterface

// Comparing and reading.
extension TargetSession {
  /// Compares the flash with an image: by checksums that the loader forms, or by reading it.
  ///
  /// - Parameter mayReset: whether the chip may be reset for the loader; else its firmware goes on where it was.
  /// - Throws: `SessionError.flash` with the cause `mismatch`; `SessionError.plan` when the image does not fit.
  public func verify(_ image: FirmwareImage, mayReset: Bool = false) throws(SessionError) {
    let link = try openLink()
    try withLimits { (limits) throws(PlanError) in try limits.checkReadable(image) }
    try believing { () throws(SessionError) in try compare(image, mayReset: mayReset, link) }
  }

  private func compare(_ image: FirmwareImage, mayReset: Bool, _ link: STLink) throws(SessionError) {
    let map = try limits().device.sectorMap
    let blocks = image.segments.map { FlashBlock(address: $0.address, bytes: $0.bytes) }
    let usesLoader = mayReset && programmingMethod != .direct
    if usesLoader { try takeCore(link) }
    try flash { () throws(FlashError) in
      guard !usesLoader else { return try compare(blocks, by: try worker(link, map), link) }
      try withGuest(link, byteCount: image.totalByteCount) { (loader) throws(FlashError) in
        guard let loader else { return try compare(blocks, by: try worker(link, map, usesLoader: false), link) }
        try compare(blocks, by: LoaderProgrammer(loader: loader, reader: flashReader(link)), link)
      }
    }
  }

  private func compare(
    _ blocks: [FlashBlock], by worker: any FlashWorker, _ link: STLink
  ) throws(FlashError) {
    var progress = PhaseProgress(
      .verifying, total: blocks.reduce(0) { $0 + $1.bytes.count }, clock: link.clock, observer: observer)
    let compare = { () throws(FlashError) in
      try worker.verify(blocks, .standingAlone) { progress.advance(by: $0) }
    }
    try worker.working { () throws(FlashError) in
      // A core that runs on keeps its caches: turning them off would slow it down.
      if attachReport?.mode == .hotPlug { return try compare() }
      try FlashCaches(access: link).withFreshReads(compare)
    }
    progress.finish()
  }

  /// Reads any range of addresses.
  ///
  /// - Throws: `SessionError.plan` for a range that is empty, runs past the last address or is protected.
  public func read(address: UInt32, byteCount: Int) throws(SessionError) -> [UInt8] {
    let link = try openLink()
    let range = try withLimits { (limits) throws(PlanError) in
      try limits.checkReadable(address: address, byteCount: byteCount)
    }
    let read = { [self] () throws(SessionError) in
      try flash { () throws(FlashError) in
        do throws(FlashError) {
          return try readFlash(range, link)
        } catch {
          var error = error
          error.evidence.isOutsideMemory = !(device?.hasMemory(at: range) ?? true)
          throw error
        }
      }
    }
    return AddressPlace.parts(of: range).contains { $0.place.isFlash } ? try believing(read) : try read()
  }

  /// Reads a range; where all of it is main flash, what the chip says is blank does not go over the link.
  private func readFlash(_ range: ClosedRange<UInt32>, _ link: STLink) throws(FlashError) -> [UInt8] {
    let reader = flashReader(link)
    guard let flash = device?.sectorMap.range, flash.contains(range.lowerBound), flash.contains(range.upperBound) else {
      return try reader.read(range, phase: .reading)
    }
    return try withGuest(link, byteCount: range.count) { (loader) throws(FlashError) in
      guard let loader else { return try reader.read(range, phase: .reading) }
      return try FlashCaches(access: link).withFreshReads { () throws(FlashError) in
        try reader.read(range.lowerBound..<range.upperBound + 1, skippingBlankBy: loader)
      }
    }
  }
}

extension MemoryArea {
  /// The area's name in messages.
  public var title: String {
    switch self {
    case .main: "main flash"
    case .system: "system memory"
    case .otp: "OTP area"
    case .option: "option bytes"
    case .optionOfBank2: "option bytes of a second bank"
    case .ram: "RAM"
    case .ccm: "core-coupled memory"
    }
  }

  /// Where a chip has the area; nil where it has none.
  func range(of device: Device) -> Range<UInt32>? {
    switch self {
    case .main: device.sectorMap.range
    case .system: device.die.family.memory.systemMemory.range
    case .otp: device.die.family.memory.otp.range
    case .option: device.die.family.memory.optionBytes.range
    case .optionOfBank2: device.die.hasSecondBank ? device.die.family.memory.optionBytesOfBank2.range : nil
    case .ram: 0x2000_0000..<0x2000_0000 + UInt32(device.contiguousRAMByteCount)
    case .ccm: device.ram.first { $0.name == "CCM" }?.range
    }
  }
}

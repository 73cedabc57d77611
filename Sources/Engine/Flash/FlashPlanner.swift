/// Makes plans: decides which sectors to erase and what to program where, and refuses what is not legal on the chip.
///
/// Planning reads the chip where it must (bytes to keep, blank or equal sectors) and writes nothing.
struct FlashPlanner {
  /// The rows that the flash is organised in; every block begins and ends with one (RM0090, 3.6.3).
  static let rowByteCount = 16
  /// A blank stretch that is cheaper to leave out than to program: a command costs about as much as 30 words.
  static let skippedRowCount = 8

  let limits: FlashLimits
  let parallelism: Parallelism
  var timing: TransferTiming
  /// How the flash will be programmed.
  var method = ProgrammingMethod.direct
  /// What the flash holds now.
  let contents: FlashContents

  var device: Device { limits.device }

  // MARK: - Writing

  /// The plan that writes an image.
  func plan(writing image: FirmwareImage, _ options: PlanOptions) throws(PlanError) -> FlashPlan {
    try limits.checkPlace(of: image)
    let map = device.sectorMap
    let touched = map.sectors.filter { !image.segments(in: $0.closedRange).isEmpty }
    try limits.refuseProtected(options.erasesEverything ? map.sectors : touched)
    var works: [Work] = []
    for sector in touched {
      works.append(try work(on: sector, image, options))
    }
    let vectorAddress = vectorAddress(of: image)
    keepVectorSectorWithTheRest(&works, vectorAddress)

    var plan = emptyPlan()
    plan.imageByteCount = image.totalByteCount
    plan.equalSectors = works.filter(\.isEqual).map(\.sector)
    let pending = works.filter { !$0.isEqual }
    plan.blankSectors = options.erasesEverything ? [] : pending.filter(\.isBlank).map(\.sector)
    plan.kept = pending.flatMap(\.kept)
    plan.expected = pending.flatMap(\.expected)
    let row = vectorRowRange(vectorAddress)
    let blocks = pending.flatMap { FlashPlanner.blocks(of: $0.content, at: $0.sector.range.lowerBound) }
    let toErase = options.erasesEverything ? map.sectors : pending.filter { !$0.isBlank }.map(\.sector)
    plan.eraseSteps = eraseSteps(
      for: toErase, pending, first: map.sector(at: vectorAddress),
      programming: blocks.reduce(0) { $0 + $1.bytes.count })
    plan.blankSectors.removeAll(where: plan.erasedSectors.contains)
    let holdsVectors: (FlashBlock) -> Bool = { map.sector(at: vectorAddress)?.range.contains($0.address) ?? false }
    plan.vectorRow = blocks.compactMap { $0.part(in: row) }.first
    plan.blocks = (blocks.filter { !holdsVectors($0) } + blocks.filter(holdsVectors)).flatMap { $0.parts(outside: row) }
    plan.warnings = vectorTableWarnings(image)
    predict(&plan)
    return plan
  }

  /// The plan that erases and programs nothing; what it expects afterwards is blank sectors.
  func plan(erasing request: EraseRequest) throws(PlanError) -> FlashPlan {
    let sectors = try limits.sectors(of: request)
    try limits.refuseProtected(sectors)
    var plan = emptyPlan()
    plan.eraseSteps = eraseSteps(
      for: sectors, [], first: device.sectorMap.sector(at: FixedArea.flashStart), programming: 0)
    plan.expected = sectors.map {
      FlashBlock(address: $0.range.lowerBound, bytes: [UInt8](repeating: 0xFF, count: $0.byteCount))
    }
    predict(&plan)
    return plan
  }

  // MARK: - The frame

  private func emptyPlan() -> FlashPlan {
    FlashPlan(
      deviceName: device.name, sectorMap: device.sectorMap, parallelism: parallelism, eraseSteps: [], blocks: [],
      vectorRow: nil, expected: [], kept: [], equalSectors: [], blankSectors: [], imageByteCount: 0,
      prediction: FlashPlan.Prediction(), warnings: [])
  }

  private func predict(_ plan: inout FlashPlan) {
    plan.prediction.erase = forecast.erasing(plan.eraseSteps)
    plan.prediction.program = forecast.programming(plan.programmedByteCount, erasing: plan.eraseSteps)
    plan.prediction.verify = forecast.verifying(plan.expected)
  }

  var forecast: WriteForecast {
    WriteForecast(map: device.sectorMap, parallelism: parallelism, timing: timing, method: method)
  }
}

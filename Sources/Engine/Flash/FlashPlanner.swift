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
    var works = try works(on: touched, image, options)
    keepTableSectorsWithTheRest(&works, image)

    var plan = emptyPlan()
    plan.imageByteCount = image.totalByteCount
    plan.equalSectors = works.filter(\.isEqual).map(\.sector)
    let pending = works.filter { !$0.isEqual }
    plan.blankSectors = pending.filter(\.isBlank).map(\.sector)
    plan.kept = pending.flatMap(\.kept)
    plan.expected = options.erasesEverything ? wholeFlash(holding: works) : pending.flatMap(\.expected)
    let rows = vectorRows(of: pending, image)
    let blocks = pending.flatMap { FlashPlanner.blocks(of: $0.content, at: $0.sector.range.lowerBound) }
    let toErase = options.erasesEverything ? map.sectors : pending.filter { !$0.isBlank }.map(\.sector)
    plan.eraseSteps = eraseSteps(
      for: try tablesFirst(toErase, holding: rows), pending,
      programming: blocks.reduce(0) { $0 + $1.bytes.count })
    plan.blankSectors.removeAll(where: plan.erasedSectors.contains)
    plan.vectorRows = rows.reversed().flatMap { row in blocks.compactMap { $0.part(in: row) } }
    let last = map.sector(at: vectorAddress(of: image))
    let isLast: (FlashBlock) -> Bool = { last?.range.contains($0.address) ?? false }
    plan.blocks = (blocks.filter { !isLast($0) } + blocks.filter(isLast)).flatMap { $0.parts(outside: rows) }
    plan.warnings =
      vectorTableWarnings(image)
      + (try warningsOfBrokenPrograms(plan))
    predict(&plan)
    return plan
  }

  /// What is to become of the sectors, in their order.
  ///
  /// A sector with a vector table of the image is not left alone when any other has to change. Where comparing costs about as
  /// much as writing, such sectors come last and are compared only if that can spare them.
  private func works(
    on sectors: [Sector], _ image: FirmwareImage, _ options: PlanOptions
  ) throws(PlanError) -> [Work] {
    let isLast = { (sector: Sector) in !contents.isQuick && holdsTable(of: image, sector) }
    var works: [Work] = []
    for sector in sectors.filter({ !isLast($0) }) + sectors.filter(isLast) {
      var options = options
      if isLast(sector), works.contains(where: { !$0.isEqual }) { options.skipsEqualSectors = false }
      works.append(try work(on: sector, image, options))
    }
    return works.sorted { $0.sector.range.lowerBound < $1.sector.range.lowerBound }
  }

  /// All sectors with what they hold after everything has been erased: those without work are blank.
  private func wholeFlash(holding works: [Work]) -> [FlashBlock] {
    device.sectorMap.sectors.map { sector in
      let content = works.first { $0.sector == sector }?.content
      return FlashBlock(
        address: sector.range.lowerBound, bytes: content ?? [UInt8](repeating: 0xFF, count: sector.byteCount))
    }
  }

  /// The plan that erases and programs nothing; what it expects afterwards is blank sectors.
  func plan(erasing request: EraseRequest) throws(PlanError) -> FlashPlan {
    let sectors = try limits.sectors(of: request)
    try limits.refuseProtected(sectors)
    var plan = emptyPlan()
    plan.eraseSteps = eraseSteps(for: sectors, [], programming: 0)
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
      vectorRows: [], expected: [], kept: [], equalSectors: [], blankSectors: [], imageByteCount: 0,
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

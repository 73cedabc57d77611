import Basics

/// Tells which operations of a session work the RAM loader, and what they have it do.
///
/// The loader is known by the parameter block that is downloaded behind its code, so that sessions of other versions of its
/// code read as well.
struct LoaderTraffic {
  /// A command that the host has put into the ring.
  fileprivate enum Job {
    case erase(UInt32)
    case program(at: UInt32, byteCount: Int)
    case sum(at: UInt32, byteCount: Int)
    case findProgrammed(at: UInt32, byteCount: Int)
  }

  /// A downloaded loader, and how far the host's side of the ring has been followed.
  fileprivate struct Instance {
    let memory: LoaderMemory
    /// The ring, whose end is given up once data are packed.
    var ring: Range<UInt32>
    var jobs: [Job] = []
    /// The words of a command whose header is not complete.
    var header: [UInt32] = []
    /// Where the next data go in the flash, and how many are to come.
    var data = (address: 0 as UInt32, byteCount: 0)
    /// Whether they are packed, so that their bytes are no bytes of the flash.
    var arePacked = false
    /// Where the host writes next.
    var writeAddress: UInt32
    /// Where the loader is known to read next.
    var readAddress: UInt32
    /// The number of results that have been fetched.
    var fetched = 0
    /// Whether the ring's content can be followed; false after something that is no command.
    var isFollowed = true
  }

  /// The results that are told of many.
  private static let shownCount = 3

  private var loader: Instance?

  /// What an operation that works the loader means, from those that came before it; nil for any other.
  mutating func meaning(of operation: DecodedOperation) -> String? {
    guard let address = operation.address, operation.status == .ok else { return nil }
    if let bytes = operation.outgoing?.memoryBytes { return write(bytes, at: address) }
    if let bytes = operation.incoming?.memoryBytes { return read(bytes, at: address) }
    return nil
  }

  // MARK: From the host

  private mutating func write(_ bytes: [UInt8], at address: UInt32) -> String? {
    if let memory = LoaderMemory(download: bytes, at: address) {
      loader = Instance(
        memory: memory, ring: memory.ring, writeAddress: memory.ring.lowerBound, readAddress: memory.ring.lowerBound)
      return "code and parameters, ring of \(memory.ring.count.inBytes)"
    }
    guard let memory = loader?.memory else { return nil }
    if address == memory.writePointer, bytes.count == 4 { return "write pointer" }
    if address == memory.limit, bytes.count == 4 { return limit(bytes.littleEndianWord(at: 0)) }
    return loader?.writeAddress == address ? fill(bytes) : nil
  }

  /// Follows the end of the ring.
  private mutating func limit(_ limit: UInt32) -> String? {
    guard var loader, loader.memory.ring.contains(limit), loader.writeAddress < limit else { return nil }
    loader.ring = loader.memory.ring.lowerBound..<limit
    self.loader = loader
    return "ring of \(loader.ring.count.inBytes), room to unpack behind it"
  }

  /// Follows what goes into the ring.
  private mutating func fill(_ bytes: [UInt8]) -> String? {
    guard var loader, loader.isFollowed else { return nil }
    var told: [String] = []
    var position = 0
    while position + 4 <= bytes.count, loader.isFollowed {
      if loader.data.byteCount > 0 {
        let count = min(loader.data.byteCount, bytes.count - position)
        if position == 0 {
          let address = loader.data.address
          told.append(
            loader.arePacked
              ? "packed data for 0x\(Hexadecimal.digits(address, width: 8))"
              : "data for \(LoaderTraffic.range(address, count))")
        }
        if !loader.arePacked { loader.data.address &+= UInt32(count) }
        loader.data.byteCount -= count
        position += count
      } else {
        loader.header.append(bytes.littleEndianWord(at: position))
        position += 4
        if let job = loader.takeHeader() { told.append(LoaderTraffic.text(job)) }
      }
    }
    loader.writeAddress = loader.ringAddress(after: loader.writeAddress, byteCount: bytes.count)
    self.loader = loader
    return LoaderTraffic.list(told)
  }

  // MARK: From the loader

  private mutating func read(_ bytes: [UInt8], at address: UInt32) -> String? {
    guard let memory = loader?.memory else { return nil }
    if address == memory.report, bytes.count == LoaderReport.byteCount { return report(LoaderReport(bytes)) }
    let slots = memory.results
    guard slots.contains(address), slots.contains(address &+ UInt32(bytes.count) &- 1) else { return nil }
    return results(bytes, first: Int(address - slots.lowerBound) / 4)
  }

  private mutating func report(_ report: LoaderReport) -> String? {
    guard let loader else { return nil }
    let waiting = loader.distance(from: report.readPointer, to: loader.writeAddress)
    let done = "\(report.count) of \(loader.jobs.count) done"
    switch report.status {
    case .running: return waiting.map { $0 == 0 ? done : "\(done), \($0.inBytes) in the ring" }
    case .flashError:
      let flags = KnownRegister.at(FlashStatus.address)?.parts(of: report.flashStatus.rawValue).joined(separator: " ")
      return "\(done), flash error [\(flags ?? "")] at 0x\(Hexadecimal.digits(report.address, width: 8))"
    case .unknownCommand: return "\(done), unknown command"
    case .hostSilent: return "\(done), has stopped for want of commands"
    case nil: return nil
    }
  }

  private mutating func results(_ bytes: [UInt8], first slot: Int) -> String? {
    guard let loader else { return nil }
    let count = LoaderMemory.resultCount
    // The slots are used over and over: these are the results of the next command that has this slot.
    let number = loader.fetched + ((slot - loader.fetched) % count + count) % count
    let told = (0..<bytes.count / 4).compactMap { index -> String? in
      guard loader.jobs.indices.contains(number + index) else { return nil }
      return LoaderTraffic.text(loader.jobs[number + index], result: bytes.littleEndianWord(at: index * 4))
    }
    self.loader?.fetched = number + bytes.count / 4
    return LoaderTraffic.list(told)
  }

  // MARK: Words

  private static func list(_ told: [String]) -> String? {
    guard !told.isEmpty else { return nil }
    let rest = told.count - shownCount
    return told.prefix(shownCount).joined(separator: ", ") + (rest > 0 ? ", \(rest) more" : "")
  }

  private static func range(_ address: UInt32, _ byteCount: Int) -> String {
    "0x\(Hexadecimal.digits(address, width: 8)) +\(byteCount)"
  }

  private static func text(_ job: Job) -> String {
    switch job {
    case .erase(let control):
      "erase [\(KnownRegister.at(FlashControl.address)?.parts(of: control).joined(separator: " ") ?? "")]"
    case .program(let address, let byteCount): "program \(range(address, byteCount))"
    case .sum(let address, let byteCount): "sum \(range(address, byteCount))"
    case .findProgrammed(let address, let byteCount): "blank check \(range(address, byteCount))"
    }
  }

  private static func text(_ job: Job, result: UInt32) -> String {
    switch job {
    case .erase: "erased in \(result) cycles"
    case .program(let address, let byteCount): "programmed \(range(address, byteCount)) in \(result) cycles"
    case .sum(let address, let byteCount):
      "sum of \(range(address, byteCount)) is \(Hexadecimal.digits(result, width: 8))"
    case .findProgrammed(let address, let byteCount):
      "\(range(address, byteCount)) is "
        + (result == 0 ? "blank" : "programmed at 0x\(Hexadecimal.digits(result, width: 8))")
    }
  }
}

extension LoaderTraffic.Instance {
  /// The command whose header is complete; its data come next.
  fileprivate mutating func takeHeader() -> LoaderTraffic.Job? {
    let job: LoaderTraffic.Job
    switch (header[0], header.count) {
    case (1, 2): job = .erase(header[1])
    case (2, 4):
      job = .program(at: header[2], byteCount: Int(header[3]) * 4)
      data = (header[2], Int(header[3]) * 4)
      arePacked = false
    case (5, 5):
      job = .program(at: header[2], byteCount: Int(header[3]) * 4)
      data = (header[2], Int(header[4]) * 4)
      arePacked = true
    case (3, 3): job = .sum(at: header[1], byteCount: Int(header[2]) * 4)
    case (4, 3): job = .findProgrammed(at: header[1], byteCount: Int(header[2]) * 4)
    case (1...5, _): return nil
    default:
      isFollowed = false
      return nil
    }
    header = []
    jobs.append(job)
    return job
  }
}

extension LoaderTraffic.Instance {
  /// Where the ring goes on after some bytes.
  fileprivate func ringAddress(after address: UInt32, byteCount: Int) -> UInt32 {
    ring.lowerBound + UInt32((Int(address - ring.lowerBound) + byteCount) % ring.count)
  }

  /// The bytes in the ring from one of its addresses to another; nil for what is none of its addresses.
  fileprivate func distance(from first: UInt32, to second: UInt32) -> Int? {
    guard ring.contains(first), ring.contains(second) else { return nil }
    return (Int(second) - Int(first) + ring.count) % ring.count
  }
}

extension DecodedOperation.Payload {
  /// The payload as it stands in memory; nil for text.
  fileprivate var memoryBytes: [UInt8]? {
    switch self {
    case .bytes(let bytes): bytes
    case .word(let word, _): word.littleEndianBytes
    case .text: nil
    }
  }
}

import Basics
import LinkInterface

/// What a program says by SEGGER's RTT, read out of its RAM while it runs.
///
/// The program owns the write offset of what it says and the read offset of what it is told, the host the other two; each is
/// moved by one 32-bit access, which the core cannot see half done.
final class RTTVoice: ProgramVoice {
  /// How long is waited between two looks for a block that is not there yet.
  private static let lookPause: Duration = .milliseconds(20)
  /// How long channels are left alone that had nothing, so that other voices have the link meanwhile.
  private static let quietPause: Duration = .milliseconds(10)
  /// How many times as long as looking at a piece of the RAM the link is left to others afterwards.
  private static let searchRest = 3
  /// How long a block may be awaited before somebody is told.
  private static let patience: Duration = .seconds(3)
  /// A ring up to this size is read whole where its contents wrap: one command costs more than a KiB.
  private static let smallRing: UInt32 = 1024

  private let access: any DebugAccess
  private let ram: [Range<UInt32>]
  private let options: RTTOptions
  private let told: (RunEvent) -> Void
  private var search: RTTSearch
  private var block: RTTControlBlock?
  private var nextLook: Duration
  private var started: Duration
  private var hasToldOfMissing = false
  private var hasToldOfDamage = false
  /// The read offsets that we have written, by channel.
  private var readOffsets: [Int: UInt32] = [:]
  /// What the flags of a channel were before they were changed.
  private var flagsBefore: [Int: UInt32] = [:]
  private var lastExchange = Duration.zero
  private var isFlowing = true
  private var pendingInput: [UInt8] = []

  /// Makes a voice; nothing is read yet.
  init(
    _ access: any DebugAccess, ram: [Range<UInt32>], options: RTTOptions, told: @escaping (RunEvent) -> Void
  ) {
    self.access = access
    self.ram = ram
    self.options = options
    self.told = told
    search = RTTSearch(ram)
    started = access.clock.now
    nextLook = started
  }

  /// Takes blocks that an earlier program has left out of the RAM, which keeps its contents over a reset.
  ///
  /// The core stands at its reset vector.
  func clearStaleBlocks() throws(DebugError) {
    let places: [UInt32]
    switch options.place {
    case .address(let address): places = try identifies(address) ? [address] : []
    case .anywhere: places = try RTTSearch.all(in: ram, access)
    }
    for place in places {
      try access.writeMemory([UInt8](repeating: 0, count: RTTControlBlock.identifier.count), at: place)
    }
  }

  private func identifies(_ address: UInt32) throws(DebugError) -> Bool {
    let header = try access.readMemory(at: address, byteCount: RTTControlBlock.headerByteCount)
    return header.starts(with: RTTControlBlock.identifier)
  }

  func hasBeenReset() {
    block = nil
    readOffsets = [:]
    flagsBefore = [:]
    started = access.clock.now
    // What is there now is what the program has left that was reset; its start-up code is about to begin anew.
    nextLook = started + RTTVoice.lookPause
  }

  func send(_ bytes: [UInt8]) { pendingInput += bytes }

  func poll(atOnce: Bool) throws(DebugError) -> [ProgramOutput] {
    guard let block else {
      try look()
      return []
    }
    let now = access.clock.now
    guard atOnce || isFlowing || !pendingInput.isEmpty || now - lastExchange >= RTTVoice.quietPause else { return [] }
    lastExchange = now
    let outputs = try exchange(block)
    isFlowing = !outputs.isEmpty
    return outputs
  }

  var remarks: [String] {
    block == nil && !hasToldOfMissing && options.isExpected ? [missing] : []
  }

  /// Lets the program go on whose buffers nobody reads any more.
  func finish() throws(DebugError) {
    guard let block, !flagsBefore.isEmpty, try identifies(block.address) else { return }
    for (channel, flags) in flagsBefore.sorted(by: { $0.key < $1.key }) {
      try access.writeWord(flags, at: block.upAddress(channel) + RTTControlBlock.Field.flags)
    }
    flagsBefore = [:]
  }
}

// MARK: - Finding the block

extension RTTVoice {
  private var missing: String {
    let place =
      switch options.place {
      case .address(let address): "at \(address.hexadecimal)"
      case .anywhere: "in the RAM"
      }
    return "no RTT control block \(place): the program has not set RTT up"
  }

  private func look() throws(DebugError) {
    let now = access.clock.now
    guard now >= nextLook else { return }
    var place: UInt32?
    switch options.place {
    case .address(let address):
      place = address
      nextLook = now + RTTVoice.lookPause
    case .anywhere:
      place = try search.look(access)
      let end = access.clock.now
      nextLook = end + max((end - now) * RTTVoice.searchRest, search.roundCount > 1 ? RTTVoice.lookPause : .zero)
    }
    if let place {
      let header = try access.readMemory(at: place, byteCount: RTTControlBlock.headerByteCount)
      if let found = RTTControlBlock(header: header, at: place), try isSound(found) {
        block = found
        hasToldOfMissing = true
        told(.found(try description(of: found)))
        return
      }
    }
    if !hasToldOfMissing, options.isExpected, now - started > RTTVoice.patience {
      hasToldOfMissing = true
      told(.warning(missing))
    }
  }

  /// Whether its channels are what channels can be; while the program sets them up they are not.
  private func isSound(_ block: RTTControlBlock) throws(DebugError) -> Bool {
    guard ram.contains(where: { $0.contains(block.address) && Int($0.upperBound - block.address) >= block.byteCount })
    else { return false }
    let (up, down) = try channels(of: block)
    return (up + down).allSatisfy { $0.problem(in: ram) == nil } && up.contains(where: \.isOpen)
  }

  private func channels(
    of block: RTTControlBlock
  ) throws(DebugError) -> (up: [RTTControlBlock.Channel], down: [RTTControlBlock.Channel]) {
    let count = block.upCount + block.downCount
    let bytes = try access.readMemory(
      at: block.upAddress(0), byteCount: count * RTTControlBlock.Channel.byteCount)
    let all = (0..<count).map { RTTControlBlock.Channel(bytes, at: $0 * RTTControlBlock.Channel.byteCount) }
    return (Array(all[..<block.upCount]), Array(all[block.upCount...]))
  }

  private func description(of block: RTTControlBlock) throws(DebugError) -> String {
    let up = try channels(of: block).up
    var names: [String] = []
    for (index, channel) in up.enumerated() where channel.isOpen {
      names.append("\(index) \"\(try name(of: channel))\" (\(Int(channel.size).inBytes))")
    }
    return "RTT at \(block.address.hexadecimal): \(names.joined(separator: ", "))"
  }

  private func name(of channel: RTTControlBlock.Channel) throws(DebugError) -> String {
    guard channel.nameAddress != 0 else { return "" }
    do throws(DebugError) {
      let bytes = try access.readMemory(at: channel.nameAddress, byteCount: 32)
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    } catch {
      guard error.isOfTheTarget else { throw error }
      return ""
    }
  }
}

// MARK: - Talking

extension RTTVoice {
  private func exchange(_ block: RTTControlBlock) throws(DebugError) -> [ProgramOutput] {
    let (up, down) = try channels(of: block)
    if let problem = (up + down).lazy.compactMap({ $0.problem(in: self.ram) }).first {
      return try lose(block, problem)
    }
    var outputs: [ProgramOutput] = []
    for (index, channel) in up.enumerated() where channel.isOpen {
      if let expected = readOffsets[index], expected != channel.readOffset {
        // Somebody else has moved it: the program has begun anew, or another host reads along.
        return try lose(block, nil)
      }
      try makeWait(index, channel, block)
      guard channel.fill > 0 else {
        readOffsets[index] = channel.readOffset
        continue
      }
      let bytes = try contents(of: channel)
      try access.writeWord(channel.writeOffset, at: block.upAddress(index) + RTTControlBlock.Field.readOffset)
      readOffsets[index] = channel.writeOffset
      outputs.append(ProgramOutput(.rtt(index), bytes))
    }
    if let first = down.first, first.isOpen, !pendingInput.isEmpty { try send(to: first, block) }
    return outputs
  }

  private func contents(of channel: RTTControlBlock.Channel) throws(DebugError) -> [UInt8] {
    let (read, write) = (Int(channel.readOffset), Int(channel.writeOffset))
    if read < write {
      return try access.readMemory(at: channel.bufferAddress + channel.readOffset, byteCount: write - read)
    }
    if channel.size <= RTTVoice.smallRing {
      let ring = try access.readMemory(at: channel.bufferAddress, byteCount: Int(channel.size))
      return Array(ring[read...] + ring[..<write])
    }
    let end = try access.readMemory(
      at: channel.bufferAddress + channel.readOffset, byteCount: Int(channel.size) - read)
    return write == 0 ? end : end + (try access.readMemory(at: channel.bufferAddress, byteCount: write))
  }

  private func makeWait(
    _ index: Int, _ channel: RTTControlBlock.Channel, _ block: RTTControlBlock
  ) throws(DebugError) {
    guard options.makesProgramWait, channel.flags & RTTControlBlock.Channel.modeMask != RTTControlBlock.Channel.blocks,
      flagsBefore[index] == nil
    else { return }
    flagsBefore[index] = channel.flags
    let flags = channel.flags & ~RTTControlBlock.Channel.modeMask | RTTControlBlock.Channel.blocks
    try access.writeWord(flags, at: block.upAddress(index) + RTTControlBlock.Field.flags)
  }

  private func send(to channel: RTTControlBlock.Channel, _ block: RTTControlBlock) throws(DebugError) {
    let bytes = pendingInput.prefix(Int(channel.room))
    guard !bytes.isEmpty else { return }
    let first = bytes.prefix(Int(channel.size - channel.writeOffset))
    try access.writeMemory(Array(first), at: channel.bufferAddress + channel.writeOffset)
    let rest = bytes.dropFirst(first.count)
    if !rest.isEmpty { try access.writeMemory(Array(rest), at: channel.bufferAddress) }
    let offset = (channel.writeOffset + UInt32(bytes.count)) % channel.size
    try access.writeWord(offset, at: block.downAddress(0) + RTTControlBlock.Field.writeOffset)
    pendingInput.removeFirst(bytes.count)
  }

  /// Begins to look anew: the block is damaged, or the program has set it up again.
  private func lose(_ block: RTTControlBlock, _ problem: String?) throws(DebugError) -> [ProgramOutput] {
    if let problem, !hasToldOfDamage, try identifies(block.address) {
      hasToldOfDamage = true
      told(.warning("the RTT control block at \(block.address.hexadecimal) is damaged: \(problem)"))
    }
    hasBeenReset()
    return []
  }
}

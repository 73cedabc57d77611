/// How the flash is programmed.
enum ProgrammingMethod: Equatable {
  /// By a loader in the target's RAM, to which so many bytes can be sent ahead.
  case loader(ringByteCount: Int)
  /// Through the debug port.
  case direct
  /// By the chip's ROM bootloader, block by block: none is sent while the one before is programmed.
  case bootloader
}

/// How long the parts of a plan will take.
struct WriteForecast {
  let map: SectorMap
  let parallelism: Parallelism
  let timing: TransferTiming
  let method: ProgrammingMethod

  /// Erasing.
  func erasing(_ steps: [EraseStep]) -> Duration {
    steps.reduce(.zero) { $0 + $1.time(on: map, parallelism).typical }
  }

  /// Programming so many bytes, with what the controller has to wait for the link.
  ///
  /// The loader is sent its data while the controller erases: all of them where sectors are erased one by one, what its
  /// ring holds where everything is erased at once.
  func programming(_ byteCount: Int, erasing steps: [EraseStep]) -> Duration {
    let ringByteCount: Int
    switch method {
    case .loader(let count): ringByteCount = count
    case .direct: return programmingDirectly(byteCount)
    case .bootloader:
      return sending(byteCount) + map.family.timing.program(byteCount: byteCount, parallelism).typical
    }
    let erasesBanks = steps.contains { if case .banks = $0 { true } else { false } }
    let ahead = erasesBanks ? min(erasing(steps), sending(min(ringByteCount, byteCount))) : erasing(steps)
    return max(map.family.timing.program(byteCount: byteCount, parallelism).typical, sending(byteCount) - ahead)
  }

  /// Comparing.
  func verifying(_ blocks: [FlashBlock]) -> Duration {
    switch method {
    case .loader: blocks.reduce(.zero) { $0 + Loader.timeToSum(byteCount: $1.bytes.count).typical }
    case .direct, .bootloader:
      blocks.reduce(.zero) {
        $0 + timing.time(byteCount: $1.bytes.count, width: 4, bytesPerCommand: FlashReader.bytesPerCommand)
      }
    }
  }

  private func sending(_ byteCount: Int) -> Duration {
    timing.time(byteCount: byteCount, width: 4, bytesPerCommand: Loader.largestPiece)
  }

  private func programmingDirectly(_ byteCount: Int) -> Duration {
    let transfer = max(timing.access, map.family.timing.accessTypical)
    return TransferTiming(access: transfer, command: timing.command * 2).time(
      byteCount: byteCount, width: parallelism.accessWidth.byteCount,
      bytesPerCommand: DirectProgrammer.bytesPerCommand(parallelism))
  }
}

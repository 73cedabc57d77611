import Basics
import Failures
import LinkInterface
import Testing

@testable import Engine

struct LoaderTrafficTests {
  private static let memory = LoaderMemory(code: LoaderCode.words, ramByteCount: 0x20000)!
  private static let ring = memory.ring.lowerBound
  private static let download = (LoaderCode.words + memory.initialParameters).flatMap(\.littleEndianBytes)

  private func write(_ bytes: [UInt8], at address: UInt32) -> [ObservedTransfer] {
    let block = [0xF2, 0x08] + address.littleEndianBytes + UInt32(bytes.count).littleEndianBytes.prefix(2)
    return [
      ObservedTransfer(.bulkOut(.output(1), padded(block))), ObservedTransfer(.bulkOut(.output(1), bytes)),
    ] + status
  }

  private func read(_ bytes: [UInt8], at address: UInt32) -> [ObservedTransfer] {
    let block = [0xF2, 0x07] + address.littleEndianBytes + UInt32(bytes.count).littleEndianBytes.prefix(2)
    return [
      ObservedTransfer(.bulkOut(.output(1), padded(block))),
      ObservedTransfer(.bulkIn(.input(1), byteCount: bytes.count), received: bytes),
    ] + status
  }

  private var status: [ObservedTransfer] {
    [
      ObservedTransfer(.bulkOut(.output(1), padded([0xF2, 0x3E]))),
      ObservedTransfer(.bulkIn(.input(1), byteCount: 12), received: [0x80] + [UInt8](repeating: 0, count: 11)),
    ]
  }

  private func padded(_ block: [UInt8]) -> [UInt8] { block + [UInt8](repeating: 0, count: 16 - block.count) }

  private func words(_ words: UInt32...) -> [UInt8] { words.flatMap(\.littleEndianBytes) }

  private func report(
    reading address: UInt32, status: UInt32 = 0, flags: UInt32 = 0, at fault: UInt32 = 0, count: UInt32
  )
    -> [ObservedTransfer]
  {
    read(words(address, status, flags, fault, count), at: Self.memory.report)
  }

  private func meanings(_ transfers: [ObservedTransfer]...) -> [String?] {
    let download = write(Self.download, at: LoaderMemory.base)
    return SessionDecoder.decode(download + transfers.flatMap { $0 }).dropFirst().map(\.meaning)
  }

  @Test func `packed data and the ring that makes room for them are named`() {
    let limit = Self.memory.ring.upperBound - 8192
    let packed = words(5, 0x0000_0201, 0x0800_4000, 64, 3, 1, 2)
    #expect(
      meanings(
        write(words(limit), at: Self.memory.limit), write(packed, at: Self.ring),
        write(words(3) + words(1, 0x0001_021A), at: Self.ring + 28),
        report(reading: Self.ring + 32, count: 1), read(words(17_000), at: Self.memory.result(of: 0))) == [
          "loader: ring of \((Self.memory.ring.count - 8192).inBytes), room to unpack behind it",
          "loader: program 0x08004000 +256", "loader: packed data for 0x08004000, erase [SER SNB=3 PSIZE=x32 STRT]",
          "loader: 1 of 2 done, 8 bytes in the ring", "loader: programmed 0x08004000 +256 in 17000 cycles",
        ])
  }

  @Test func `jobs in the ring and their results are named`() {
    let erase = words(1, 0x0001_021A)
    let sum = words(3, 0x0800_4000, 64)
    let find = words(4, 0x0800_8000, 128)
    #expect(
      meanings(
        write(erase + sum + find, at: Self.ring), report(reading: Self.ring + 8, count: 1),
        read(words(1234), at: Self.memory.result(of: 0)), report(reading: Self.ring + 32, count: 3),
        read(words(0xDEAD_BEEF, 0), at: Self.memory.result(of: 1))) == [
          "loader: erase [SER SNB=3 PSIZE=x32 STRT], sum 0x08004000 +256, blank check 0x08008000 +512",
          "loader: 1 of 3 done, 24 bytes in the ring", "loader: erased in 1234 cycles", "loader: 3 of 3 done",
          "loader: sum of 0x08004000 +256 is DEADBEEF, 0x08008000 +512 is blank",
        ])
  }

  @Test func `data that come in pieces are named by where they go`() {
    let header = words(2, 0x201, 0x0800_0010, 8)
    let data = [UInt8](repeating: 0xA5, count: 32)
    #expect(
      meanings(
        write(header + data.prefix(12), at: Self.ring),
        write(Array(data.dropFirst(12)) + words(3, 0x0800_0000, 4), at: Self.ring + 28),
        read(words(99), at: Self.memory.result(of: 0))) == [
          "loader: program 0x08000010 +32", "loader: data for 0x0800001C +20, sum 0x08000000 +16",
          "loader: programmed 0x08000010 +32 in 99 cycles",
        ])
  }

  @Test func `an error that the loader reports is named`() {
    #expect(
      meanings(
        write(words(1, 0x0001_0202), at: Self.ring),
        report(reading: Self.ring, status: 1, flags: 0x10, at: 0x0800_0004, count: 0)) == [
          "loader: erase [SER PSIZE=x32 STRT]", "loader: 0 of 1 done, flash error [WRPERR] at 0x08000004",
        ])
  }

  @Test func `the ring goes on at its beginning`() {
    let last = Self.memory.ring.upperBound - 12
    let fill = (0..<Self.memory.ring.count / 12 - 1).flatMap { _ in words(3, 0x0800_0000, 4) }
    let rest = Self.memory.ring.count - fill.count - 12
    let transfers = stride(from: 0, to: fill.count, by: 12_000).flatMap { offset in
      write(Array(fill[offset..<min(offset + 12_000, fill.count)]), at: Self.ring + UInt32(offset))
    }
    let end = Self.ring + UInt32(fill.count)
    let wrapped = meanings(
      transfers, write(words(3, 0x0800_0000, 4) + Array(words(1, 0x0001_0202).prefix(rest)), at: end),
      write(Array(words(1, 0x0001_0202, 3, 0, 1).dropFirst(rest)), at: Self.ring))
    #expect(last >= end)
    #expect(
      wrapped.last
        == (rest == 8 ? "loader: sum 0x00000000 +4" : "loader: erase [SER PSIZE=x32 STRT], sum 0x00000000 +4"))
  }

  @Test func `nothing is said of memory that is no loader's`() {
    let other = SessionDecoder.decode(
      write(Array(Self.download.dropLast(4)), at: LoaderMemory.base) + write(words(1, 2), at: Self.ring))
    #expect(other.map(\.meaning) == [nil, nil])
    #expect(meanings(write(words(9, 9, 9), at: Self.ring), write(words(1, 2), at: Self.ring + 12)) == [nil, nil])
    #expect(meanings(write(words(1, 2), at: Self.ring + 4), write(words(1, 2), at: 0x2001_0000)) == [nil, nil])
  }
}

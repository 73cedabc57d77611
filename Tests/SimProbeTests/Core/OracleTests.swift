import Foundation
import Testing

@testable import SimProbe

/// Compares the core with vectors that Unicorn made; `scripts/oracle.sh` makes more and runs this on them.
@Suite struct `Core against an independent emulator` {
  /// A file of vectors named by the environment.
  static let named = ProcessInfo.processInfo.environment["STFLASH_ORACLE_VECTORS"]

  @Test(.enabled(if: named != nil, "STFLASH_ORACLE_VECTORS names a file of vectors"), arguments: [true, false])
  func `every vector of a named file comes out the same`(usesFastMemory: Bool) throws {
    let path = try #require(Self.named)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try compare(Array(bytes), usesFastMemory: usesFastMemory)
  }

  /// 3,200 vectors that are kept with the tests (seeds 11 and 12), so that every run has some.
  @Test(arguments: ["integer-m4", "float-m4", "integer-m3"])
  func `the stored vectors come out the same`(name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Oracle")
    let bytes = try Data(contentsOf: folder.appending(path: "\(name).vectors"))
    let profile: CoreProfile = name.hasSuffix("m3") ? .cortexM3r2p0() : .cortexM4r0p1()
    try compare(Array(bytes), usesFastMemory: true, on: profile)
    try compare(Array(bytes), usesFastMemory: true, usesBlocks: true, on: profile)
  }

  private func compare(
    _ bytes: [UInt8], usesFastMemory: Bool, usesBlocks: Bool = false, on profile: CoreProfile = .cortexM4r0p1()
  ) throws {
    var vectors = try #require(OracleVectors(bytes))
    let bench = OracleBench(profile, fastMemory: usesFastMemory, blocks: usesBlocks)
    bench.start()
    var differences: [String] = []
    let count = vectors.count
    while let vector = vectors.next() {
      if let difference = bench.run(vector) { differences.append(difference) }
    }
    let shown = differences.prefix(40).joined(separator: "\n")
    #expect(differences.isEmpty, "\(differences.count) of \(count) differ:\n\(shown)")
  }
}

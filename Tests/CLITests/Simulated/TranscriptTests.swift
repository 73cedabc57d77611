import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whole sessions compared with what they printed when they were last reviewed (`Tests/Fixtures/transcripts`).
///
/// `STFLASH_UPDATE_GOLDENS=1` in the environment writes them anew; the difference is then reviewed.
struct TranscriptTests {
  @Test(arguments: ["main-job", "json", "plan", "errors"])
  func `a session prints what it did when it was reviewed`(name: String) throws {
    let path = SimulatedDesk.fixture("transcripts/\(name).txt")
    let golden = String(decoding: try FileSystem().read(path), as: UTF8.self)
    let desk = SimulatedDesk()
    for file in ["blink.elf", "blink.bin"] {
      try desk.directory.write(file, try FileSystem().read(SimulatedDesk.fixture("firmware/\(file)")))
    }
    let transcript = Transcript(golden).performed(on: desk)
    if getenv("STFLASH_UPDATE_GOLDENS") != nil {
      try FileSystem().replace(path, with: Array(transcript.utf8))
    } else {
      #expect(transcript == golden)
    }
  }
}

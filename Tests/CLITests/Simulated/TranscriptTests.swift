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

  @Test func `--sim-console shows what firmware sends and what it does in the end`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("hello.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/hello.bin")))
    let command = "$ stflash --sim stm32f4discovery --sim-console --sim-run 550ms write @hello.bin 0x08000000\n"
    let transcript = Transcript(command).performed(on: desk)
    #expect(transcript.contains("USART2 | hello from 168 MHz\n"))
    #expect(transcript.contains("after 0.55 s the core is sleeping"))
    #expect(transcript.contains("168 MHz; PD12 has changed 5 times"))
  }
}

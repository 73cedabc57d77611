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
    #expect(transcript.contains("168 MHz; LD4 (PD12) has changed 5 times"))
  }

  @Test func `--sim-boot starts the ROM bootloader in place of the firmware`() throws {
    let desk = SimulatedDesk()
    try desk.directory.write("hello.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/hello.bin")))
    let command = "$ stflash --sim stm32f4discovery --sim-boot system --sim-run 50ms write @hello.bin 0x08000000\n"
    let transcript = Transcript(command).performed(on: desk)
    #expect(transcript.contains("0x1FFF_"))
    #expect(!transcript.contains("USART2"))
  }

  @Test func `-vv lists what the firmware used without its clock`() throws {
    let desk = SimulatedDesk()
    // Stack, reset vector; LDR R0,=TIM1_CNT; LDR R1,[R0]; B .
    let words: [UInt32] = [0x2000_1000, 0x0800_0009, 0x6801_4801, 0xBF00_E7FE, 0x4001_0024]
    try desk.directory.write(
      "timer.bin", words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } })
    let transcript = Transcript("$ stflash --sim stm32f407vg -vv --sim-run 1ms write @timer.bin 0x08000000\n")
      .performed(on: desk)
    #expect(
      transcript.contains(
        "TIM1 at 0x4001_0024 had no clock: 4 bytes read once, first by the instruction at 0x0800_000A"))
  }

  @Test func `a firmware that outruns its flash is told so`() throws {
    let desk = SimulatedDesk()
    // Stack, reset vector; LDR R0,=RCC; PLLCFGR = 120 MHz of HSI; PLLON; wait for PLLRDY; SW = PLL; B .
    let words: [UInt32] = [
      0x2000_1000, 0x0800_0009, 0x4906_4805, 0x4906_6041, 0x6801_6001, 0xD5FC_0189, 0x6081_2102, 0xBF00_E7FE,
      0x4002_3800, 0x0500_3C10, 0x0100_0083,
    ]
    try desk.directory.write(
      "fast.bin", words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } })
    let command = "$ stflash --sim stm32f407vg --sim-run 5ms write @fast.bin 0x08000000\n"
    let transcript = Transcript(command).performed(on: desk)
    #expect(transcript.contains("locked up"))
    #expect(transcript.contains("HCLK 120 MHz at 3.30 V with 0 wait states, 3 needed"))
  }
}

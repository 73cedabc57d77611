import Testing

@testable import stflash

/// `otp`, and what it refuses before anything is programmed.
struct OneTimeBytesTests {
  private let desk = SimulatedDesk()

  private func run(_ words: String...) -> CommandLineBench.Outcome {
    let line = ["--sim", "stm32f411re", "--sim-state", desk.directory.file("s")] + words
    return desk.run(line.map { $0 == "@a" || $0 == "@b" ? desk.directory.file(String($0.dropFirst())) : $0 })
  }

  private var shown: [String] { run("otp").output.split(separator: "\n").map(String.init) }

  @Test func `what is programmed and locked stays, through erase and read protection`() throws {
    try desk.directory.write("a", Array("SERIAL-1".utf8))
    let words = run("otp", "write", "@a", "0x1FFF7820")
    #expect(words.status == .usage)
    #expect(words.error.contains(#"try: If it is meant, allow it: --irreversible "OTP""#), "\(words.error)")
    #expect(shown.allSatisfy { !$0.contains("programmed") })
    let done = run("otp", "write", "@a", "0x1FFF7820", "--irreversible", "OTP")
    #expect(done.status == .success, "\(done.error)")
    #expect(done.output.hasPrefix("programmed 8 bytes of a into OTP of STM32F411 at 0x1FFF_7820, verified, in "))
    #expect(run("otp", "write", "@a", "0x1FFF7820", "--irreversible", "OTP").output.contains("nothing was programmed"))
    #expect(run("otp", "lock", "1", "--irreversible", "OTP lock 0").status == .usage, "the words of another block")
    #expect(run("otp", "lock", "1", "--irreversible", "otp lock 1").status == .success)
    #expect(run("erase", "--all").status == .success)
    #expect(run("protect", "--read").status == .success)
    #expect(run("otp").status == .protected)
    #expect(run("unprotect", "--erase-everything").status == .success)
    #expect(shown.contains("block 1   0x1FFF_7820  locked  8 of 32 bytes programmed"), "\(shown)")
    #expect(shown.contains("  53 45 52 49 41 4c 2d 31 ff ff ff ff ff ff ff ff"), "\(shown)")
  }

  @Test func `what cannot become so is refused with its address, and nothing of it is programmed`() throws {
    try desk.directory.write("a", [0xF0, 0x0F, 0x00])
    try desk.directory.write("b", [0x70, 0x1F, 0x80, 0x00])
    #expect(run("otp", "write", "@a", "0x1FFF7800", "--irreversible", "OTP").status == .success)
    let before = shown
    let refused = run("otp", "write", "@b", "0x1FFF7800", "--irreversible", "OTP")
    #expect(refused.status == .usage)
    #expect(
      refused.error.contains("at 0x1FFF_7801 stands 0x0F, and 0x1F is wanted; 2 bytes are such"), "\(refused.error)")
    #expect(shown == before)
    for address in ["0x1FFF79FE", "0x1FFF7A00", "0x1FFF77FF", "0x08000000"] {
      #expect(run("otp", "write", "@b", address, "--irreversible", "OTP").status == .usage, "\(address)")
    }
    #expect(run("otp", "lock", "0", "--irreversible", "OTP lock 0").status == .success)
    #expect(run("otp", "write", "@b", "0x1FFF7810", "--irreversible", "OTP").status == .protected)
    #expect(
      run("otp", "write", "@a", "0x1FFF7800").output.contains("holds a already"), "what stands there is no change")
    #expect(run("otp", "lock", "0").output.contains("is locked already"))
    #expect(run("otp", "lock", "16", "--irreversible", "OTP lock 16").status == .usage)
    try desk.directory.write("a", [])
    #expect(run("otp", "write", "@a", "0x1FFF7800", "--irreversible", "OTP").status == .usage)
  }
}

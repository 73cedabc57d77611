import Testing

@testable import stflash

/// Several files in one call, and bytes put into them.
struct SeveralFilesTests {
  private let desk = SimulatedDesk()
  private static let program: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  init() throws {
    try desk.directory.write("boot.bin", Self.program)
    try desk.directory.write("app.bin", [UInt8](repeating: 0xA5, count: 300))
    try desk.directory.write("key.bin", [1, 2, 3, 4, 5])
  }

  /// `@` of the desk is the directory, so `+` stands for the one before an address.
  private func run(_ line: String) -> CommandLineBench.Outcome {
    let words = "--sim stm32f407vg --sim-state @s \(line)".split(separator: " ").map { word in
      let path = word.hasPrefix("@") ? desk.directory.file(String(word.dropFirst())) : String(word)
      return path.replacing("=@", with: "=" + desk.directory.path + "/").replacing("+", with: "@")
    }
    return desk.run(words)
  }

  private func bytes(_ address: String, _ count: Int) throws -> [UInt8] {
    #expect(run("read @back.bin \(address) \(count)").status == .success)
    return try desk.read("back.bin")
  }

  @Test func `all of them are one plan and one verification`() throws {
    let done = run("write @boot.bin 0x08000000 @app.bin+0x08008000 @key.bin+0x0800C003")
    #expect(done.status == .success, "\(done.screen)")
    #expect(
      done.output.hasPrefix("wrote boot.bin, app.bin and key.bin, 317 bytes, to STM32F405/407/415/417 at 0x0800_0000"))
    #expect(try bytes("0x08000000", 12) == Self.program)
    #expect(try bytes("0x08008000", 300) == [UInt8](repeating: 0xA5, count: 300))
    #expect(try bytes("0x0800C003", 5) == [1, 2, 3, 4, 5])
    #expect(run("verify @boot.bin+0x08000000 @app.bin+0x08008000 @key.bin+0x0800C003").status == .success)
    #expect(run("verify @boot.bin+0x08000000 @app.bin+0x08008001").status == .verify)
    let plan = run("--json write --plan --rewrite @boot.bin+0x08000000 @app.bin+0x08008000")
    #expect(plan.output.contains(#""erasedSectors":[0,2]"#), "\(plan.output)")
  }

  @Test func `what overlaps is refused by name, and nothing is touched`() throws {
    let refused = run("write @boot.bin 0x08000000 @app.bin+0x08000004")
    #expect(refused.status == .usage)
    #expect(
      refused.error.contains("boot.bin and app.bin overlap: both have bytes for 0x0800_0004 to 0x0800_000B"),
      "\(refused.error)")
    #expect(try bytes("0x08000000", 4) == [0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test func `patches go into the firmware, over its bytes and beside them`() throws {
    let done = run("write @app.bin 0x08004000 --patch 0x08004010=0x12345678 --patch 0x08004200=@key.bin")
    #expect(done.status == .success, "\(done.screen)")
    #expect(try bytes("0x0800400F", 6) == [0xA5, 0x78, 0x56, 0x34, 0x12, 0xA5])
    #expect(try bytes("0x080041FF", 7) == [0xFF, 1, 2, 3, 4, 5, 0xFF])
    let patches = "--patch 0x08004010=0x12345678 --patch 0x08004200=@key.bin"
    #expect(run("verify @app.bin 0x08004000 \(patches)").status == .success)
    #expect(run("verify @app.bin 0x08004000").status == .verify, "the patches are in the chip and not in the file")
    #expect(run("verify @app.bin 0x08004000 \(patches) --patch 0x08004200=0x0").status == .verify)
    #expect(run("write @app.bin 0x08004000 --patch 0x20000000=0x1").status == .usage, "no place in the flash")
    for patch in ["0x08004000", "=0x1", "0x08004000=0x1FFFFFFFF", "nonsense=0x1"] {
      #expect(run("write @app.bin 0x08004000 --patch \(patch)").status == .usage, "\(patch)")
    }
    #expect(run("write @app.bin 0x08004000 --patch 0x08004000=@none.bin").status == .file)
  }

  @Test(arguments: ["write 0x08000000 a.bin", "write a.bin 08000000", "write a.bin+0x08000000 0x08000000"])
  func `an address at the wrong place is told`(line: String) {
    #expect(CommandLineBench().run(line.replacing("+", with: "@")).status == .usage)
  }

  @Test func `a file whose name has an at sign is that file`() throws {
    try desk.directory.write("a+b.bin".replacing("+", with: "@"), Self.program)
    #expect(run("write @a+b.bin 0x08000000").status == .success)
    #expect(run("verify @a+b.bin+0x08000000").status == .success)
  }
}

import Basics
import Testing

@testable import stflash

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct DiagnoseCommandTests {
  private let desk = SimulatedDesk()

  @Test func `the bundle is a zip file or a folder with all that a bug report needs, and no serial number`() throws {
    let outcome = desk.run("--sim nucleo-f411re diagnose --report @report.zip")
    #expect(outcome.status == .success)
    let zip = try desk.read("report.zip")
    #expect(zip.prefix(4) == [0x50, 0x4B, 3, 4])
    #expect(desk.run("--sim nucleo-f411re diagnose --report @report").status == .success)
    let text = String(decoding: try desk.read("report/diagnosis.txt"), as: UTF8.self)
    #expect(text.contains("verdict: "))
    #expect(outcome.output.contains(text.split(separator: "\n")[0]))
    #expect(!(try desk.read("report/session.pcapng")).isEmpty)
    #expect(!String(decoding: zip, as: UTF8.self).contains("343339415043114433"))
  }

  @Test func `a failure ends with its exit code, after the verdict`() {
    let outcome = desk.run("--sim nucleo-f207zg --sim-fault jumpers-open diagnose")
    #expect(outcome.status == .noTarget)
    #expect(outcome.output.contains("failed   SWD"))
    #expect(outcome.output.contains("verdict: SWD"))
  }

  @Test func `no probe is a finding of its own`() {
    let outcome = desk.run("diagnose")
    #expect(outcome.status == .noProbe)
    #expect(outcome.output.hasPrefix("failed   USB"))
  }

  @Test func `a sector is tested only by name, and said beforehand`() {
    #expect(desk.run("--sim nucleo-f411re diagnose --deep-flash-sector 1").status == .usage)
    let outcome = desk.run("--sim nucleo-f411re diagnose --deep --deep-flash-sector 1")
    #expect(outcome.status == .success)
    #expect(outcome.error.contains("sector 1 is erased"))
    #expect(outcome.output.contains("ok       sector"))
  }

  @Test func `the copy of a sector stays only where the chip has not got its content back`()
    throws
  {
    var desk = desk
    desk.bench.files.scratchDirectories = [desk.directory.path]
    let line = "--sim stm32f407vg --sim-state @st diagnose --deep --deep-flash-sector 1"
    #expect(desk.run(line).status == .success)
    #expect(desk.directory.names == ["st"])
    // As arguments: in a line the "@" of the moment would be the desk's directory.
    let broken = desk.run([
      "--sim", "stm32f407vg", "--sim-state", desk.directory.file("st"), "--sim-fault", "unpowered@operation=erase:1",
      "diagnose", "--deep", "--deep-flash-sector", "1",
    ])
    #expect(broken.status != .success)
    #expect(desk.directory.names == ["st", "stflash-kept-8004000.bin"])
    #expect(broken.output.contains("@stflash-kept-8004000.bin"), "\(broken.screen)")
    #expect(broken.error.contains("stflash write --as-is @stflash-kept-8004000.bin 0x08004000"), "\(broken.screen)")
    #expect(try desk.read("stflash-kept-8004000.bin").count == 0x4000)
  }

  @Test(arguments: ["@none/x.zip", "@none/folder", "@file/x.zip", "@file"])
  func `a place where no report can be is found out first`(path: String) throws {
    try desk.directory.write("file", [1])
    let outcome = desk.run("--sim nucleo-f411re diagnose --report \(path)")
    #expect(outcome.status == .file)
    #expect(!outcome.output.contains("ok "))
  }

  @Test func `a report that cannot be written costs no verdict`() throws {
    var desk = desk
    desk.bench.files.calls.write = { _, _ in
      errno = ENOSPC
      return -1
    }
    let outcome = desk.run("--sim nucleo-f411re diagnose --report @r.zip")
    #expect(outcome.status == .file)
    #expect(outcome.output.contains("verdict: "))
    #expect(!outcome.output.contains("everything for a bug report"))
    let failing = desk.run("--sim nucleo-f411re --sim-fault jumpers-open diagnose --report @r.zip")
    #expect(failing.status == .noTarget)
    #expect(failing.error.contains("in addition: cannot write"))
  }

  @Test func `a report to be shared holds no path and no serial number of its maker`() throws {
    try desk.directory.write("mine.board", Array("board nonsense\n".utf8))
    let lines = [
      "--sim @mine.board diagnose --report @report",
      "--sim stm32f407vg --sim-state @mine.board diagnose --report @report",
      "--serial 0123MINE4567 diagnose --report @report",
      "--sim stm32f407vg --sim-state @none/s diagnose --report @report",
      "--replay @missing.pcapng diagnose --report @report",
    ]
    for line in lines {
      #expect(desk.run(line).status != .success)
      for name in ["diagnosis.txt", "diagnosis.json", "environment.txt"] {
        let text = String(decoding: try desk.read("report/\(name)"), as: UTF8.self)
        for secret in [desk.directory.path, "mine.board", "0123MINE4567", "missing.pcapng"] {
          #expect(!text.contains(secret), "\(secret) in \(name) of \(line)")
        }
      }
      #expect(String(decoding: try desk.read("report/environment.txt"), as: UTF8.self).contains("command: diagnose "))
    }
  }

  @Test func `a replay that parts from its recording is no broken cable`() {
    #expect(desk.run("--sim nucleo-f411re --record @t.pcapng diagnose").status == .success)
    let outcome = desk.run("--replay @t.pcapng diagnose --deep")
    #expect(outcome.status == .trace, "\(outcome.screen)")
    #expect(!outcome.output.contains("failed"))
    #expect(outcome.error.contains("differs from the recording"))
  }

  @Test func `taking protection off needs the consequence typed out`() {
    #expect(desk.run("--sim nucleo-f411re unprotect").status == .usage)
    #expect(desk.run("--sim nucleo-f411re unprotect --sectors --erase-everything").status == .usage)
    #expect(desk.run("--sim nucleo-f411re --sim-fault rdp1 unprotect --sectors").status == .protected)
    #expect(desk.run("--sim nucleo-f411re --sim-fault rdp1 unprotect --erase-everything").status == .success)
  }

  /// The check value of CRC-32 (the nine digits, ITU-T V.42), and an archive laid out by hand from APPNOTE 4.3.
  @Test func `a stored archive is what the format says`() {
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
    let archive = ZipArchive.stored([ZipArchive.Entry(name: "a", bytes: [0x31])])
    #expect(archive.count == 30 + 1 + 1 + 46 + 1 + 22)
    #expect(archive[30] == 0x61 && archive[31] == 0x31)
    #expect(Array(archive[32..<36]) == [0x50, 0x4B, 1, 2])
    #expect(Array(archive.suffix(22).prefix(12)) == [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0])
  }
}

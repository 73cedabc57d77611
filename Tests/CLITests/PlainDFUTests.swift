import Engine
import Failures
import LinkInterface
import Testing

@testable import stflash

/// Devices that speak plain DFU, without addresses: a file as a whole, and a plain word on what nobody knows then.
struct PlainDFUTests {
  private let directory = TemporaryDirectory()

  private func run(_ peer: PlainDFUPeer, _ line: String) -> CommandLineBench.Outcome {
    var bus = StandInBus()
    bus.dfuDevices = [PlainDFUPeer.listing]
    bus.openingDFU = { _ in peer }
    return CommandLineBench(bus: bus).run(line.replacing("@", with: "\(directory.path)/"))
  }

  @Test(arguments: [true, false])
  func `a file goes to the device as a whole, and nobody says that it was verified`(isTolerant: Bool) throws {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    try directory.write("app.bin", bytes)
    let peer = PlainDFUPeer(isTolerant: isTolerant)
    let written = run(peer, "--dfu write @app.bin")
    #expect(written.status == .success, "\(written.screen)")
    #expect(peer.content == bytes)
    #expect(written.output.contains("sent app.bin, 1,000 bytes, to the device; plain DFU has no addresses"))
    #expect(written.output.contains("was not compared"))
    #expect(run(peer, "--dfu --json write @app.bin").output.contains(#""verified":false"#) || !isTolerant)
  }

  @Test func `what the device gives is read`() throws {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 3) }
    let read = run(PlainDFUPeer(content: bytes), "--dfu read @back.bin")
    #expect(read.status == .success, "\(read.screen)")
    #expect(try FileSystem().read(directory.file("back.bin")) == bytes)
  }

  @Test func `a device that finds the file bad is a failure, and whatever needs addresses is refused`() throws {
    try directory.write("app.bin", [UInt8](repeating: 7, count: 500))
    let peer = PlainDFUPeer()
    peer.badBlock = 3
    let refused = run(peer, "--dfu write @app.bin")
    #expect(refused.status == .flash)
    #expect(refused.screen.contains("dfuERROR, errFIRMWARE"))
    let erased = run(PlainDFUPeer(), "--dfu erase --all")
    #expect(erased.status == .noTarget)
    #expect(erased.screen.contains("plain DFU, which has no addresses"))
  }

  /// Runs a line where a program runs, and where the device in DFU mode comes after it has made way.
  private func run(_ line: String, program: PlainDFUPeer, then device: PlainDFUPeer) -> CommandLineBench.Outcome {
    var bus = StandInBus()
    bus.dfuRuntimes = { program.hasMadeWay ? [] : [PlainDFUPeer.programListing] }
    bus.openingDFURuntime = { _ in program }
    bus.openingDFU = { _ throws(CommandFailure) in
      guard program.hasMadeWay else { throw CommandFailure(DFUDescription.missing) }
      return device
    }
    return CommandLineBench(bus: bus).run(line.replacing("@", with: "\(directory.path)/"))
  }

  private static func program(leavesByItself: Bool = true, refuses: Bool = false) -> PlainDFUPeer {
    let program = PlainDFUPeer()
    program.program = PlainDFUPeer.Program(leavesByItself: leavesByItself, refuses: refuses)
    return program
  }

  @Test(arguments: [true, false])
  func `a program makes way for its bootloader when it is asked, by itself or at a reset`(leavesByItself: Bool) throws {
    try directory.write("app.bin", [UInt8](repeating: 7, count: 500))
    let (program, device) = (Self.program(leavesByItself: leavesByItself), PlainDFUPeer())
    let written = run("--dfu --detach --serial 1234 write @app.bin", program: program, then: device)
    #expect(written.status == .success, "\(written.screen)")
    #expect(device.content == [UInt8](repeating: 7, count: 500))
  }

  @Test func `a running program is left alone unless it is meant, and one that refuses is told`() throws {
    try directory.write("app.bin", [UInt8](repeating: 7, count: 500))
    let program = Self.program()
    let left = run("--dfu info", program: program, then: PlainDFUPeer())
    #expect(left.status == .noProbe)
    let words = "Ask the program of 1-3, cafe:4001 for its bootloader: --dfu --detach"
    #expect(left.screen.contains(words), "\(left.screen)")
    #expect(!program.hasMadeWay)
    #expect(run("list", program: program, then: PlainDFUPeer()).output.contains("--dfu --detach asks to make way"))
    let refused = run("--dfu --detach write @app.bin", program: Self.program(refuses: true), then: PlainDFUPeer())
    #expect(refused.status == .flash, "\(refused.screen)")
    let hasty = Self.program()
    hasty.program?.leavesUnacknowledged = true
    #expect(run("--dfu --detach write @app.bin", program: hasty, then: PlainDFUPeer()).status == .success)
    #expect(run("--detach write @app.bin", program: program, then: PlainDFUPeer()).status == .usage)
  }

  @Test func `a device that does not come back is waited for, and told`() throws {
    try directory.write("app.bin", [UInt8](repeating: 7, count: 500))
    var bus = StandInBus()
    bus.dfuRuntimes = { [PlainDFUPeer.programListing] }
    bus.openingDFURuntime = { _ in Self.program() }
    let lost = CommandLineBench(bus: bus).run("--dfu --detach write \(directory.path)/app.bin")
    #expect(lost.status == .noProbe, "\(lost.screen)")
  }

  @Test func `a recorded session is replayed`() throws {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    try directory.write("app.bin", bytes)
    let recorded = run(PlainDFUPeer(), "--dfu --record @s.pcapng write @app.bin")
    #expect(recorded.status == .success, "\(recorded.screen)")
    var bus = StandInBus()
    bus.openingDFU = { _ throws(CommandFailure) in throw CommandFailure(DFUDescription.missing) }
    let bench = CommandLineBench(bus: bus)
    let again = bench.run("--dfu --replay \(directory.path)/s.pcapng write \(directory.path)/app.bin")
    #expect(again.status == .success, "\(again.screen)")
    try directory.write("app.bin", bytes.reversed())
    let other = bench.run("--dfu --replay \(directory.path)/s.pcapng write \(directory.path)/app.bin")
    #expect(other.status != .success, "\(other.screen)")
  }
}

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
}

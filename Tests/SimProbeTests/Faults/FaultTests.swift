import Testing

@testable import SimProbe

/// Faults as text, and the catalogue as data.
@Suite struct FaultTests {
  private func error(_ text: String) -> String? {
    do throws(FaultError) {
      _ = try Fault(text)
      return nil
    } catch {
      return error.text
    }
  }

  @Test(arguments: [
    "jumpers-open", "unpowered=1200", "firmware=swd-reused", "jumpers-open@command=5", "unpowered@operation=erase:3",
    "unpowered=7@transfer=12", "nrst-open@time=250000000ns", "vcap-missing=100@address=0x8004000",
    "nrst-low@..time=2000000000ns", "unpowered@command=5..+500000000ns", "firmware=idle=300/20",
    "usb-slow=7@..command=9",
    "brown-out@time=5ns", "jumpers-open@transfer=3..operation=erase:2",
  ])
  func `a fault reads back as it was written`(text: String) throws {
    #expect(try Fault(text).text == text)
  }

  @Test func `what is not said is usual`() throws {
    #expect(try Fault("unpowered").argument == 0)
    #expect(try Fault("UNPOWERED=0").text == "unpowered")
    #expect(try Fault("unpowered@operation=erase").moment == .operation(.erase, 1))
    #expect(try Fault("unpowered@time=2s").moment == .time(2_000_000_000))
    #expect(try Fault("unpowered@address=134217728").moment == .address(0x0800_0000))
  }

  @Test(arguments: [
    ("jumper-open", "there is no fault \"jumper-open\"; did you mean jumpers-open?"),
    ("gravity", "there is no fault \"gravity\""),
    ("jumpers-open=1", "the fault jumpers-open takes no argument"),
    ("unpowered=1601", "\"1601\" does not fit the fault unpowered"),
    ("unpowered=-1", "\"-1\" does not fit the fault unpowered"),
    ("unpowered=much", "\"much\" does not fit the fault unpowered"),
    ("unpowered@soon", "\"@soon\" is no moment; there are @command=N"),
    ("unpowered@command=0", "\"@command=0\" is no moment"),
    ("unpowered@operation=erase:0", "\"@operation=erase:0\" is no moment"),
    ("unpowered@time=5", "\"@time=5\" is no moment"),
    ("firmware=swd-reused@command=3", "cannot happen at a moment"),
    ("cell-stuck-0@..time=1s", "the fault cell-stuck-0 does not end"),
    ("brown-out@..time=1s", "the fault brown-out does not end"),
    ("nrst-low@time=2s..time=1s", "\"@time=2s..time=1s\" is no moment"),
    ("nrst-low@..soon", "\"@soon\" is no moment"),
    ("nrst-low@..+5", "\"@+5\" is no moment"),
    ("firmware=idle=300/0", "\"0\" does not fit the fault firmware=idle, which takes time awake, 1 to 990"),
    ("firmware=idle=300/5/5", "\"5/5\" does not fit"),
    ("unpowered=1/2", "\"1/2\" does not fit the fault unpowered"),
    ("firmware=swd-used", "did you mean firmware=swd-reused?"),
  ])
  func `what makes no sense is refused with the choices`(text: String, message: String) {
    #expect(error(text)?.contains(message) ?? false, "\(error(text) ?? "accepted")")
  }

  @Test func `every row of the catalogue is whole`() {
    let names = FaultKind.all.map(\.name)
    #expect(Set(names).count == names.count)
    for kind in FaultKind.all {
      for text in [kind.broken, kind.visible] {
        #expect(text.hasSuffix(".") && text.count > 10, "\(kind.name): \(text)")
      }
      #expect(!kind.origin.isEmpty, "\(kind.name)")
      if let parameter = kind.parameter { #expect(parameter.range.contains(parameter.usual), "\(kind.name)") }
    }
  }
}

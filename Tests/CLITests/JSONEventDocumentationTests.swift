import FoundationEssentials
import TestSupport
import Testing

@testable import stflash

struct JSONEventDocumentationTests {
  /// Any JSON, as far as its members' names go.
  private struct AnyJSON: Decodable {
    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    /// The names of the members, nested ones included.
    var names: Set<String> = []
    /// The text, where the value is one.
    var text: String?
    /// The value of the member `event`.
    var event: String?

    init(from decoder: any Decoder) throws {
      if let object = try? decoder.container(keyedBy: Key.self) {
        for key in object.allKeys {
          let value = try object.decode(AnyJSON.self, forKey: key)
          names.formUnion(value.names.union([key.stringValue]))
          if key.stringValue == "event" { event = value.text }
        }
      } else if var array = try? decoder.unkeyedContainer() {
        while !array.isAtEnd { names.formUnion(try array.decode(AnyJSON.self).names) }
      } else {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }
  }

  private static let lines = [
    "write FIRMWARE", "write --plan FIRMWARE", "verify FIRMWARE", "info", "list", "erase --sector 1", "reset",
    "diagnose", "unprotect --sectors", "option", "option BOR_LEV=2.4V --plan", "option BOR_LEV=2.4V",
    "protect --sectors 1",
    "peek FLASH_SR", "poke 0x20000000 1", "otp show", "otp write FIRMWARE 0x1FFF7800", "otp lock 0 --irreversible OTP",
    "otp write FIRMWARE 0x1FFF7800 --plan", "otp lock 0 --plan", "write --area=optcr 0x0FFFAAE8",
    "write --area=option 0x0FFFAAE4 --plan",
    "sim list", "sim faults", "read --area option", "read @b.bin 0x08000000 16",
    "erase 0x08000000 0", "run VOICES --timeout 100ms", "run VOICES --args fault", "run VOICES --until hello",
    "attach --timeout 20ms", "run TESTS", "run TESTS --list",
  ]

  private static let recordingLines = [
    "trace show @s.pcapng", "trace show --full @s.pcapng", "trace show --stats @s.pcapng",
    "trace show --timeline @t.html @s.pcapng",
    "trace diff @s.pcapng @t.pcapng", "trace replay @s.pcapng --against sim:stm32f405rg",
  ]

  /// Those whose events ClientLogTests and GDBCommandTests look at.
  private static let serving: Set = ["sim run", "sim serve", "sim attach", "gdb"]

  @Test func `every command is among the lines that are tried here, and in README's table`() throws {
    let readme = try PackageFiles.text("README.md")
    for verb in DeclaredOptions.tabulated(for: Stflash.self).verbs where verb.name != "help" {
      for name in verb.verbs.isEmpty ? [verb.name] : verb.verbs.map({ "\(verb.name) \($0.name)" }) {
        let isTried = (Self.lines + Self.recordingLines).contains { "\($0) ".hasPrefix("\(name) ") }
        #expect(isTried || Self.serving.contains(name), "add a line with \(name) to `lines`")
        let isTold = readme.split(separator: "\n").contains { row in
          row.hasPrefix("| `") && (row.contains("`\(name) ") || row.contains("`\(name)`"))
        }
        #expect(isTold, "README's table of commands lacks a row for \(name)")
      }
    }
  }

  @Test(arguments: lines)
  func `every event and every member is documented`(line: String) throws {
    let document = String(decoding: try FileSystem().read(SimulatedDesk.path("docs/json-events.md")), as: UTF8.self)
    let firmware = SimulatedDesk.fixture("firmware/blink.elf")
    let voices = SimulatedDesk.fixture("firmware/voices.elf")
    let tests = SimulatedDesk.fixture("firmware/embedded-tests.elf")
    let sim = line.hasPrefix("sim ") ? "" : "--sim stm32f429zi"
    let words = line.split(separator: " ").map {
      ["FIRMWARE": firmware, "VOICES": voices, "TESTS": tests][$0] ?? String($0)
    }
    let outcome = SimulatedDesk().run("\(sim) --json \(words.joined(separator: " "))")
    for event in outcome.output.split(separator: "\n") {
      let json = try JSONDecoder().decode(AnyJSON.self, from: Data(event.utf8))
      #expect(document.contains("\n| `\(try #require(json.event))` |"), "\(event)")
      for name in json.names { #expect(document.contains("`\(name)`"), "\(name) in \(event)") }
    }
    #expect(outcome.output.split(separator: "\n").last?.hasPrefix(#"{"event":"end","#) ?? false)
  }

  @Test(arguments: recordingLines)
  func `every event of a recording is documented`(line: String) throws {
    let document = String(decoding: try FileSystem().read(SimulatedDesk.path("docs/json-events.md")), as: UTF8.self)
    let desk = SimulatedDesk()
    _ = desk.run("--sim stm32f429zi --record @s.pcapng erase --sector 1")
    _ = desk.run("--sim stm32f429zi --record @t.pcapng read @b.bin 0x08000000 64")
    for event in desk.run("--json \(line)").output.split(separator: "\n") {
      let json = try JSONDecoder().decode(AnyJSON.self, from: Data(event.utf8))
      #expect(document.contains("\n| `\(try #require(json.event))` |"), "\(event)")
      for name in json.names { #expect(document.contains("`\(name)`"), "\(name) in \(event)") }
    }
  }
}

import SimProbe
import Testing

@testable import stflash

/// Lines on a terminal, and lines elsewhere.
struct LineWrappingTests {
  private static let columns = 80

  /// A desk whose streams are both terminals.
  private static func desk(columns: Int = columns) -> SimulatedDesk {
    var desk = SimulatedDesk()
    desk.bench.terminal = Console.Terminal(columns: { columns }, usesColour: true)
    desk.bench.outputColumns = { columns }
    return desk
  }

  /// The lines that a person sees, without colours and without status lines, which overwrite each other.
  private static func seen(_ text: String) -> [String] {
    text.split(separator: "\n").flatMap { $0.split(separator: "\r") }.map { line in
      String(line.replacing(/\u{1B}\[[0-9;]*[mK]/, with: ""))
    }
  }

  private static let lines = [
    "sim list", "sim faults", "list", "--sim nucleo-f207zg list", "--sim nucleo-f429zi -v info",
    "--sim stm32f407vg -v write @fw.bin 0x08000000", "--sim stm32f407vg write --plan @fw.bin 0x08000000",
    "--sim stm32f407vg write --no-verify @fw.bin 0x08010000", "--sim stm32f407vg verify @fw.bin 0x08000000",
    "--sim stm32f407vg erase", "--sim stm32f407vg erase --plan", "--sim stm32f407vg --sim-run 10ms reset",
    "--sim stm32f407vg read @out.bin 0x08000000 16k", "--sim stm32f407vg read --area option",
    "--sim stm32f407vg unprotect --sectors", "--sim stm32f411re diagnose", "--sim stm32f411re diagnose --deep",
    "--sim nucleo-f207zg --record @s.pcapng info", "trace show @s.pcapng", "trace show --stats @s.pcapng",
    "trace show --full @s.pcapng", "trace diff @s.pcapng @s.pcapng",
    "trace replay @s.pcapng --against sim:nucleo-f446re",
    // what is refused
    "write", "wriet x.bin", "write @fw.bin", "write a.hex b.hex", "sim serve --tcp", "--sim stm32f4 info", "sim run",
    "unprotect", "erase 0x08000000 0", "--sim stm32f407vg write --width 24 @fw.bin", "info --freq 0",
    "-f board/st_nucleo_f4.cfg", "--sim stm32f407vg verify @fw.bin 0x08004000",
    "--sim stm32f407vg write @fw.bin 0x20000000", "--sim stm32f407vg --chip stm32f429zi info",
    "--sim stm32f407vg --sim-fault 3 info",
  ]

  @Test func `on a terminal of 80 columns every line fits`() throws {
    let desk = Self.desk()
    try desk.directory.write("fw.bin", [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF])
    for line in Self.lines { Self.check(desk, line) }
  }

  /// The longest texts are those of failures: every fault of the catalogue, as `info` meets it.
  @Test func `what is said of a fault fits too`() {
    let desk = Self.desk()
    for fault in Simulation.faults { Self.check(desk, "--sim nucleo-f411re --sim-fault \(fault.name) info") }
    for fault in ["jumpers-open", "unpowered", "supply-low", "sector-worn", "nrst-low"] {
      Self.check(desk, "--sim nucleo-f411re --sim-fault \(fault) diagnose")
    }
  }

  private static func check(_ desk: SimulatedDesk, _ command: String) {
    for line in seen(desk.run(command).screen) where line.count > columns {
      // A word that is wider than the screen is left whole: a path, a rule.
      let longestWord = line.split(separator: " ").map(\.count).max() ?? 0
      #expect(longestWord > columns - 30, "\(command): \(line)")
    }
  }

  @Test func `no word is lost, added or cut by a break`() {
    let text = "  try: Hold BOOT0 high, cycle the power,  and erase the flash: the ROM bootloader leaves SWD alone"
    for columns in 40...100 {
      let wrapped = LineWrapping.wrap(text, to: columns)
      #expect(wrapped.split { $0 == " " || $0 == "\n" } == text.split(separator: " "))
      #expect(wrapped.split(separator: "\n").allSatisfy { $0.count <= columns && $0.last != " " })
    }
    #expect(LineWrapping.wrap(text, to: 39) == text)
  }

  @Test func `a broken row of a table goes on below its last column`() {
    let row = "ok       chip        STM32F411, DBGMCU_IDCODE 0x1000_6431"
    #expect(
      LineWrapping.wrap(row, to: 50) == """
        ok       chip        STM32F411, DBGMCU_IDCODE
                             0x1000_6431
        """)
    #expect(LineWrapping.wrap("    a b c d e f g h i j k l m n o p q r s t u v w x", to: 40).contains("\n      "))
  }

  @Test func `colours take no columns`() {
    let text = "\u{1B}[1;31mstflash: error:\u{1B}[0m it is as it is, and no more"
    #expect(LineWrapping.wrap(text, to: 45) == text)
  }

  @Test func `no line is broken where nobody looks`() throws {
    let desk = SimulatedDesk()
    let outcome = desk.run("--sim nucleo-f207zg --sim-fault jumpers-open info")
    #expect(
      outcome.error.contains("\nstflash: error: cannot connect to the target: no target answers on SWD; most likely "))
    #expect(Self.seen(outcome.error).contains { $0.count > 100 })
  }

  @Test func `a text that is read back is not broken`() throws {
    let desk = Self.desk()
    #expect(desk.run("--sim nucleo-f207zg --record @s.pcapng -q info").status == .success)
    let shown = desk.run("trace show --raw @s.pcapng").output
    var piped = desk
    piped.bench.outputColumns = nil
    #expect(piped.run("trace show --raw @s.pcapng").output == shown)
    #expect(shown.split(separator: "\n").contains { $0.count > 80 })
  }
}

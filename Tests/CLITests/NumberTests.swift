import Testing

@testable import stflash

struct NumberTests {
  @Test(
    arguments: zip(
      ["0", "10", "0x10", "0X1f", "0b101", "010", "1k", "1K", "2M", "0x10k", "4KiB", "1MiB", "0x0800_4000", "00"],
      [0, 10, 16, 31, 5, 8, 1024, 1024, 2_097_152, 16384, 4096, 1_048_576, 0x0800_4000, 0] as [UInt64]))
  func `every form of st-flash is read`(text: String, value: UInt64) throws {
    #expect(try Number.parse(text) == value)
  }

  @Test(
    arguments: [
      "", "-1", "x", "0x", "0b", "0b2", "k", "12q", "1kk", "0xg", "99999999999999999999", "99999999999999999M", " 1",
      "1 ", "+1", "١",
    ])
  func `anything else is refused`(text: String) {
    #expect(throws: NumberError.self) { try Number.parse(text) }
  }

  @Test func `a forgotten 0x is pointed out`() {
    #expect(
      throws: NumberError(
        description: "octal because of its leading 0, where '8' is no digit; did you mean 0x08000000?")
    ) {
      try Number.parse("08000000")
    }
    #expect(throws: NumberError(description: "not decimal because of 'F'; did you mean 0x1FFF0000?")) {
      try Number.parse("1FFF0000")
    }
  }

  @Test func `an address ends at 4 GiB`() throws {
    #expect(try Number.address("0xFFFFFFFF") == .max)
    #expect(throws: NumberError.self) { try Number.address("0x100000000") }
    #expect(try Number.byteCount("0x100000000") == 0x1_0000_0000)
    #expect(throws: NumberError.self) { try Number.byteCount("0x100000001") }
    #expect(try Number.index("23") == 23)
    #expect(throws: NumberError.self) { try Number.index("65536") }
  }

  @Test(arguments: zip(["1800", "1800k", "4M", "24M", "950kHz", "4MHz"], [1800, 1800, 4000, 24_000, 950, 4000]))
  func `a frequency is in kilohertz unless it says megahertz`(text: String, kilohertz: Int) throws {
    #expect(try Frequency.kilohertz(text) == kilohertz)
  }

  @Test(arguments: ["", "0", "k", "-4M", "4G", "1.8M", "4000000Hz", "fast", "99999999999M"])
  func `a frequency that makes no sense is refused`(text: String) {
    #expect(throws: NumberError.self) { try Frequency.kilohertz(text) }
  }

  @Test(arguments: zip(["3.3", "3.3V", "3V3", "3300mV", "1.85", "2", "0"], [3300, 3300, 3300, 3300, 1850, 2000, 0]))
  func `a voltage is in volts unless it says millivolts`(text: String, millivolts: Int) throws {
    #expect(try Voltage.millivolts(text) == millivolts)
  }

  @Test(arguments: ["", "V", "3.", ".3", "3.3333", "-3", "33V", "3,3", "mV", "3.3.3"])
  func `a voltage that makes no sense is refused`(text: String) {
    #expect(throws: NumberError.self) { try Voltage.millivolts(text) }
  }
}

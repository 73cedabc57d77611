import Basics
import LinkInterface
import Testing

@testable import SimProbe

/// The public way to a simulated target.
@Suite struct SimulationTests {
  @Test func `every chip and every board of the lists can be simulated`() throws {
    for name in Simulation.chips.map(\.name) + Simulation.boards.map(\.name) {
      _ = try Simulation(SimulationConfiguration(target: name))
    }
    #expect(Simulation.chips.count == 49)
  }

  @Test func `a chip of the list says what it has`() throws {
    let chip = try #require(Simulation.chips.first { $0.names.contains("stm32f407vg") })
    #expect(chip.family == "STM32F407xG")
    #expect(chip.flashKilobytes == 1024)
    #expect(chip.ramKilobytes == 192)
    #expect(chip.core == "Cortex-M4F r0p1")
    #expect(chip.maximumMegahertz == 168)
    #expect(chip.manual == "RM0090")
    #expect(Simulation.boards.first?.circuitBoard == "MB1137")
  }

  @Test func `a target that does not exist is refused with the choices`() {
    #expect {
      try Simulation(SimulationConfiguration(target: "stm32f999zz"))
    } throws: { error in
      let text = (error as? SimulationError)?.text ?? ""
      return text.contains("stm32f999zz") && text.contains("STM32F207") && text.contains("nucleo-f207zg")
    }
  }

  @Test(arguments: ["v9", "v2-1:V99", "v2:V3J7M3"])
  func `a probe that does not exist is refused with the reason`(name: String) {
    var configuration = SimulationConfiguration(target: "nucleo-f207zg")
    configuration.probeProfile = name
    #expect {
      try Simulation(configuration)
    } throws: { error in
      guard case .unknownProbe(let reason) = error as? SimulationError else { return false }
      return SimulationError.unknownProbe(reason).text == reason.text
    }
  }

  @Test func `the board brings its probe unless another is asked for`() throws {
    var configuration = SimulationConfiguration(target: "stm32f4discovery")
    #expect(try Simulation(configuration).probe.identity.productID == 0x3748)
    configuration.probeProfile = "V3"
    #expect(try Simulation(configuration).probe.identity.productID == 0x374E)
  }

  @Test func `the probe of a simulation keeps its time`() throws {
    let simulation = try Simulation(SimulationConfiguration(target: "nucleo-f207zg"))
    simulation.probe.clock.wait(for: .milliseconds(5))
    #expect(simulation.time == .milliseconds(5))
  }

  @Test(arguments: [-1, 3601])
  func `a supply that cannot be is refused`(millivolts: Int) {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.supplyMillivolts = millivolts
    let error = SimulationError.supplyOutOfRange(millivolts: millivolts)
    #expect(throws: error) { try Simulation(configuration) }
    #expect(error.text.contains("\(millivolts.grouped) mV"))
  }

  @Test func `a state goes from one simulation to the next`() throws {
    var configuration = SimulationConfiguration(target: "stm32f446re")
    let first = try Simulation(configuration)
    first.board.chip.flash.main.store(0x1234_5678, .word, at: 0x100)
    configuration.state = first.saveState()
    configuration.seed = 99
    let second = try Simulation(configuration)
    #expect(second.board.chip.flash.main.word(at: 0x100) == 0x1234_5678)
    #expect(second.saveState() == first.saveState())
  }

  @Test func `states that cannot be loaded say why`() throws {
    var configuration = SimulationConfiguration(target: "stm32f446re")
    func error(_ state: [UInt8]) -> SimulationError? {
      configuration.state = state
      do throws(SimulationError) {
        _ = try Simulation(configuration)
        return nil
      } catch {
        return error
      }
    }
    let other = try Simulation(SimulationConfiguration(target: "stm32f407vg")).saveState()
    var newer = other
    newer[12] = 2
    #expect(error([]) == .notAState)
    #expect(error(newer) == .newerState(version: 2, supported: 1))
    #expect(error(other) == .stateOfOtherChip(found: "stm32f407vg", expected: "stm32f446re"))
    #expect(error(Array(other.dropLast())) == .corruptState("the checksum does not match", offset: other.count - 5))
    for failure in [error([]), error(newer), error(other), error(Array(other.dropLast()))] {
      #expect(failure?.text.isEmpty == false)
    }
  }

  @Test func `slow parts and the spread reach the flash`() throws {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    let usual = try Simulation(configuration).board.chip.flash.timing
    configuration.spreadsEraseTimes = true
    let spread = try Simulation(configuration).board.chip.flash.timing
    configuration.seed = 2
    let other = try Simulation(configuration).board.chip.flash.timing
    configuration.isSlowPart = true
    let slow = try Simulation(configuration).board.chip.flash.timing
    #expect(usual.program == 16_000 && slow.program == 100_000)
    #expect(spread != usual && spread != other)
  }

  @Test func `two simulations of one configuration are the same`() throws {
    let configuration = SimulationConfiguration(target: "nucleo-f429zi")
    let chips = try (0..<2).map { _ in try Simulation(configuration).board.chip }
    #expect(chips[0].bus.uniqueID == chips[1].bus.uniqueID)
    #expect(chips[0].bus.sram.contents(0..<256) == chips[1].bus.sram.contents(0..<256))
  }

  @Test func `options of the configuration reach the chip`() throws {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.hasProgrammingVoltage = true
    configuration.startsWithStrayFlags = true
    configuration.supplyMillivolts = 2500
    let simulation = try Simulation(configuration)
    #expect(simulation.board.chip.flash.hasProgrammingVoltage)
    #expect(simulation.board.chip.flash.supplyMillivolts == 2500)
    #expect(simulation.board.chip.bus.read(0x4002_3C0C, .word, by: .debugger) == .done(0xC0, cycles: 0))
    #expect(simulation.time == .zero)
    #expect(simulation.unmodelledAccesses.isEmpty)
  }
}

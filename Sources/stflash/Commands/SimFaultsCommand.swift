import ArgumentParser
import SimProbe

/// `sim faults`: everything that can be broken on a simulated bench.
struct SimFaultsCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "faults",
    abstract: "List the faults that can be simulated, with what a host can see of each.",
    discussion: """
      A fault is there from the start, or happens at a moment: @command=N or @transfer=N of the probe, \
      @operation=erase:N, program:N or options:N of the flash, @time=250ms, or @address=0x08004000 for the first \
      flash operation that changes this address. Behind two dots stands when it is over again: ..time=2s, or ..+500ms after \
      it has happened.

        stflash --sim nucleo-f207zg --sim-fault jumpers-open info
        stflash --sim stm32f412ce --sim-fault vcap-missing write firmware.bin 0x08000000
        stflash --sim stm32f407vg --sim-fault unpowered@operation=erase:2 write firmware.elf
        stflash --sim nucleo-f446re --sim-fault nrst-low@..time=2s --wait 5s write firmware.elf
      """)

  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { [] }

  func run(in context: CommandContext) throws(CommandFailure) {
    context.reporter.report(.result(FaultList(faults: Simulation.faults)))
  }
}

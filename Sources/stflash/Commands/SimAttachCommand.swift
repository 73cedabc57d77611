import ArgumentParser
import Engine
import LinkServer
import Sockets

/// `sim attach`: simulated probes as USB devices of this machine's kernel.
struct SimAttachCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Plug simulated probes into this machine (Linux, root).",
    discussion: """
      Every program finds them on USB, as it would find real ones, until this command is ended with Ctrl-C. Needs the \
      kernel module vhci-hcd (modprobe vhci-hcd) and root; 'sim run' needs neither.

        sudo stflash --sim nucleo-f207zg sim attach
      """)

  @OptionGroup var simulators: SimulatorsOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { simulators.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.beginServing()
    let served = try simulators.served(in: context, forKernel: true)
    let loop = EventLoop(interruption: context.interruption)
    let attachment: KernelAttachment
    do throws(ServerError) {
      attachment = try KernelAttachment(devices: served.devices)
    } catch {
      throw CommandFailure(error)
    }
    loop.add(attachment)
    served.serialConnections.forEach(loop.add)
    context.reporter.report(.result(AttachedProbes(served.devices)))
    loop.run { attachment.isOver }
    try served.finish(in: context)
  }
}

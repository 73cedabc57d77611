import ArgumentParser
import LinkServer

/// How `sim serve` serves its probes.
struct ServingOptions: ParsableArguments {
  @Flag(help: "Serve the protocol of ST's stlink-server.")
  var tcp = false

  @Flag(help: "Serve USB over IP.")
  var usbip = false

  @Option(help: ArgumentHelp("The IPv4 address to listen on.", valueName: "address"))
  var listen = "127.0.0.1"

  /// What is spoken.
  var protocols: [NetworkServer.SpokenProtocol] {
    (tcp ? [.stlinkServer] : []) + (usbip ? [.usbip] : [])
  }
}

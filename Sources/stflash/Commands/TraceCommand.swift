import ArgumentParser

/// `trace`: recorded sessions.
struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace", abstract: "Show, compare and replay recorded sessions.",
    discussion: """
      A recording is what --record writes, or any capture of USB traffic that holds a probe's: pcapng or pcap from \
      usbmon or USBPcap, a USBlyzer report, or the text of 'trace show --raw'.
      """,
    subcommands: [TraceShowCommand.self, TraceDiffCommand.self, TraceReplayCommand.self])
}

import Engine
import Links

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Everything that a bug report needs, in a folder or a zip file; no serial number and no path is in it.
struct ReportBundle {
  let result: DiagnosisResult
  /// The session as pcapng, redacted; empty where no probe was reached.
  let trace: [UInt8]
  let commandLine: [String]
  /// What the command line says of its maker: paths and a serial number, each with what stands in its place.
  let privateTexts: [(text: String, replacement: String)]

  /// Writes the bundle: one zip file where the name says so, else a folder.
  func write(to path: String, with files: FileSystem) throws(CommandFailure) {
    try reporting { () throws(FileSystemError) in
      if ReportBundle.isArchive(path) {
        try files.replace(path, with: ZipArchive.stored(entries))
      } else {
        try files.makeDirectory(path)
        for entry in entries { try files.replace("\(path)/\(entry.name)", with: entry.bytes) }
      }
    }
  }

  /// Whether a path names a zip file and not a folder.
  static func isArchive(_ path: String) -> Bool { path.lowercased().hasSuffix(".zip") }

  private var entries: [ZipArchive.Entry] {
    var entries = [
      ZipArchive.Entry(name: "diagnosis.txt", bytes: Array(redacted(text).utf8)),
      ZipArchive.Entry(name: "diagnosis.json", bytes: Array(redacted(json).utf8)),
      ZipArchive.Entry(name: "environment.txt", bytes: Array(environment.utf8)),
    ]
    if !trace.isEmpty { entries.append(ZipArchive.Entry(name: "session.pcapng", bytes: trace)) }
    return entries
  }

  /// A text without what is its maker's own, as it stands in plain text and in JSON.
  private func redacted(_ text: String) -> String {
    // The longest first: one may be a part of another.
    privateTexts.filter { !$0.text.isEmpty }.sorted { $0.text.utf8.count > $1.text.utf8.count }
      .reduce(text) { text, secret in
        let quoted = JSONValue.string(secret.text).text.dropFirst().dropLast()
        return text.replacing(secret.text, with: secret.replacement).replacing(quoted, with: secret.replacement)
      }
  }

  private var text: String {
    let lines = result.report.findings.map(\.line) + ["", "verdict: \(result.report.verdict)"]
    return (lines + result.report.remedies.map { "try: \($0.words)" }).map { $0 + "\n" }.joined()
  }

  /// The lines that `--json` would have written for the diagnosis.
  private var json: String {
    let events =
      result.report.findings.map { [JSONMember("event", .string("finding"))] + $0.members }
      + [[JSONMember("event", .string(result.name))] + result.members.filter { $0.name != "report" }]
    return events.map { JSONValue.object($0).text + "\n" }.joined()
  }

  private var environment: String {
    """
    stflash \(Stflash.version)
    command: \(RecordingFile.commandLine(commandLine, isRedacted: true))
    system: \(ReportBundle.system)
    USB: \(USBSupport.libraryVersion)

    """
  }

  /// Name, release and machine of the operating system (uname); never the host's name.
  private static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "not known" }
    return [text(&names.sysname), text(&names.release), text(&names.machine)].joined(separator: " ")
  }

  private static func text<Field>(_ field: inout Field) -> String {
    withUnsafeBytes(of: &field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

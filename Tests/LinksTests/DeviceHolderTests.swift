import Testing

@testable import Links

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The search for programs that have a device file open, on an imitation of /proc.
@Suite struct DeviceHolderTests {
  private let node = "/dev/bus/usb/001/007"

  /// Makes a folder like /proc for the time of `body`.
  private func withProcesses(
    _ processes: [(id: String, name: String?, files: [String])], _ body: (String) throws -> Void
  ) throws {
    var template = Array("/tmp/stflash-proc-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var made: [(path: String, isFolder: Bool)] = [(root, true)]
    defer {
      for entry in made.reversed() { _ = entry.isFolder ? rmdir(entry.path) : unlink(entry.path) }
    }
    for process in processes {
      let folder = "\(root)/\(process.id)"
      for path in [folder, folder + "/fd"] {
        mkdir(path, 0o700)
        made.append((path, true))
      }
      for (number, target) in process.files.enumerated() {
        symlink(target, "\(folder)/fd/\(number)")
        made.append(("\(folder)/fd/\(number)", false))
      }
      if let name = process.name {
        let file = try #require(fopen(folder + "/comm", "w"))
        fputs(name + "\n", file)
        fclose(file)
        made.append((folder + "/comm", false))
      }
    }
    try body(root)
  }

  @Test func `programs that have the device file open are found by id and name`() throws {
    try withProcesses([
      ("812", "openocd", ["/dev/null", node]), ("77", nil, [node]), ("78", "bash", ["/dev/bus/usb/001/008"]),
      ("self", "x", [node]),
    ]) { root in
      let expected = [DeviceHolder(processID: 77, name: nil), DeviceHolder(processID: 812, name: "openocd")]
      #expect(DeviceHolder.all(of: node, processes: root) == expected)
    }
  }

  @Test func `this program itself does not count`() throws {
    try withProcesses([("\(getpid())", "tests", [node])]) { root in
      #expect(DeviceHolder.all(of: node, processes: root) == [])
    }
  }

  @Test func `where there is no such folder nobody is found`() {
    #expect(DeviceHolder.all(of: node, processes: "/does/not/exist") == [])
  }
}

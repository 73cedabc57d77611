/// Why a file is not a recording that can be used: what is wrong, and where.
package struct TraceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong with a recording.
  package enum Reason: Sendable, Equatable {
    /// The file has no bytes.
    case emptyFile
    /// The content is none of the formats that we read.
    case unknownFormat
    /// The file ends within its own header.
    case headerCutOff
    /// A field holds a value that it cannot have; both in words.
    case field(name: String, expected: String, found: String)
    /// The packets are of a kind that holds no USB transfers; LINKTYPE numbers.
    case linkTypes([UInt16])
    /// The recording holds no transfer of any device.
    case noTransfers
    /// No device in the recording looks like a probe; those that are there.
    case noProbe(devices: [RecordedDevice])
    /// The device that was asked for is not in the recording; those that are there.
    case noSuchDevice(devices: [RecordedDevice])
    /// A text recording is of a version that we do not know.
    case version(String)
    /// A line of a text recording does not say what it should.
    case syntax(expected: String, found: String)
  }

  /// A place in a file.
  package enum Location: Sendable, Equatable {
    /// A byte, counted from 0.
    case offset(Int)
    /// A line, counted from 1.
    case line(Int)
  }

  /// What is wrong.
  package var reason: Reason
  /// Where; nil when the whole file is meant.
  package var location: Location?

  /// Makes an error.
  package init(_ reason: Reason, at location: Location? = nil) {
    self.reason = reason
    self.location = location
  }

  /// The place and the cause in one line, without a full stop.
  package var description: String {
    switch location {
    case .offset(let offset): "offset 0x\(String(offset, radix: 16, uppercase: true)): \(cause)"
    case .line(let number): "line \(number): \(cause)"
    case nil: cause
    }
  }

  private var cause: String {
    switch reason {
    case .emptyFile: "the file is empty"
    case .unknownFormat: "the content is neither pcapng nor pcap nor a text recording"
    case .headerCutOff: "the file ends within its header"
    case .field(let name, let expected, let found): "\(name) is \(found); it has to be \(expected)"
    case .linkTypes(let types):
      "the packets are not USB transfers (link types \(types.map(String.init).joined(separator: ", ")))"
    case .noTransfers: "the recording holds no USB transfer"
    case .noProbe(let devices): "no device of the recording looks like a probe; there are " + TraceError.list(devices)
    case .noSuchDevice(let devices): "the recording has no such device; there are " + TraceError.list(devices)
    case .version(let found): "version \(found) of the text format is not known"
    case .syntax(let expected, let found): "\(expected) expected, found \"\(found)\""
    }
  }

  private static func list(_ devices: [RecordedDevice]) -> String {
    devices.isEmpty ? "none" : devices.map(\.description).joined(separator: "; ")
  }
}

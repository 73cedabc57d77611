import Engine
import Failures
import LinkInterface
import Trace

/// Reads recordings and tells what is to be known of the files.
struct RecordingReader {
  /// The files.
  let files: FileSystem
  /// Is told what a reader of the session should know about its file.
  let reporter: any Reporter

  /// Reads the session of one device out of a file.
  func read(_ path: String, choosing choice: DeviceChoice = .like(.stLink)) throws(CommandFailure) -> Capture {
    let bytes = try reporting { () throws(FileSystemError) in try files.read(path) }
    do throws(TraceError) {
      let capture = try Capture.read(bytes, choosing: choice)
      let name = FileSystem.name(of: path)
      capture.remarks.forEach { reporter.report(.warning("\(name): \($0)")) }
      return capture
    } catch {
      throw CommandFailure(error.failureReport(of: path))
    }
  }
}

extension RecordingReader {
  /// Reads the session of a serial line; nil where the file is none of a serial line.
  func readSerial(_ path: String) throws(CommandFailure) -> SerialRecording? {
    let bytes = try reporting { () throws(FileSystemError) in try files.read(path) }
    do throws(TraceError) {
      guard let recording = try SerialRecording.read(bytes) else { return nil }
      let name = FileSystem.name(of: path)
      recording.remarks.forEach { reporter.report(.warning("\(name): \($0)")) }
      return recording
    } catch {
      throw CommandFailure(error.failureReport(of: path))
    }
  }
}

extension DeviceShape {
  /// An ST-LINK, or a device in DFU mode.
  static let stLink = DeviceShape(
    vendorID: STLinkProduct.vendorID, commandSize: STLinkProduct.commandByteCount,
    otherRequest: DFUDescription.statusRequest)
}

extension TraceError {
  /// The failure as the command line shows it.
  func failureReport(of path: String) -> FailureReport {
    let remedies: [Advice] =
      switch reason {
      case .unknownFormat, .linkTypes:
        ["Record USB traffic with stflash --record, or with Wireshark through usbmon or USBPcap"]
      case .noProbe, .noSuchDevice: ["Choose one with --device BUS:ADDRESS"]
      case .emptyFile, .headerCutOff, .field, .noTransfers, .version, .syntax: []
      }
    return FailureReport(.file, "cannot use the recording \"\(path)\": \(self)", remedies: remedies)
  }
}

import Basics
import Failures
public import LinkInterface

/// Walks from a serial port or a USB device to the flash by the chip's bootloader, and says at each step what is there and what is wrong.
///
/// Nothing is written, and the bootloader stays where it is.
public final class BootloaderDiagnosis {
  private let target: BootloaderTarget
  private let millivolts: Int?
  private let observer: Diagnosis.Observer
  private var findings: [DiagnosisFinding] = []

  /// Makes a diagnosis that has not touched the line yet.
  public init(
    line: any SerialLine, baudRate: Int, sequence: BootSequence?, pins: (any HostPins)? = nil,
    options: SessionOptions,
    observer: @escaping Diagnosis.Observer = { _ in }
  ) {
    target = BootloaderTarget(line: line, baudRate: baudRate, sequence: sequence, pins: pins, options: options)
    millivolts = options.millivolts
    self.observer = observer
  }

  /// Makes a diagnosis by a chip's bootloader on USB.
  public init(
    dfu device: any USBDevice, options: SessionOptions, observer: @escaping Diagnosis.Observer = { _ in }
  ) {
    target = BootloaderTarget(dfu: device, options: options)
    millivolts = options.millivolts
    self.observer = observer
  }

  /// Walks as far as it goes; the line is closed after that.
  public func run() -> DiagnosisReport {
    do throws(SessionError) {
      try target.open()
      examineBootloader()
      try examineChip()
    } catch {
      examineBootloader()
      note(DiagnosisFinding(area(of: error), failedWith: error.report))
    }
    target.close(leaving: nil)
    return DiagnosisReport(findings: findings)
  }

  private func area(of error: SessionError) -> DiagnosisFinding.Area {
    switch error {
    case .access(.serial): .port
    case .access(.transport): .usb
    case .access: .bootloader
    case .device: .chip
    default: .contents
    }
  }

  private func examineBootloader() {
    guard findings.isEmpty else { return }
    switch target.link {
    case .bootloader(let description)?: examine(description)
    case .dfu(let description)?: examine(description)
    case .probe?, nil: break
    }
  }

  private func examine(_ description: DFUDescription) {
    let device = description.device
    let ids = Hexadecimal.usbIDs(vendorID: device.vendorID, productID: device.productID)
    note(DiagnosisFinding(.usb, .good, "\(ids), serial \(device.serial?.text ?? "not readable")"))
    let identifier = description.identifier.map { ", identifier \(Hexadecimal.byte($0))" } ?? ""
    note(
      DiagnosisFinding(
        .bootloader, .good,
        "DFU \(description.versionName)\(identifier), memories: \(description.memories.map(\.name).joined(separator: ", "))"
      ))
  }

  private func examine(_ description: BootloaderDescription) {
    let adapter = description.port.product.map { " (\($0))" } ?? ""
    note(DiagnosisFinding(.port, .good, "\(description.port.name)\(adapter), \(description.settings.name)"))
    let identifier = description.identifier.map { ", identifier \(Hexadecimal.byte($0))" } ?? ""
    note(DiagnosisFinding(.bootloader, .good, "protocol \(description.protocolName)\(identifier)"))
  }

  private func examineChip() throws(SessionError) {
    guard let device = target.device else { return }
    let size = device.sizeRegister.map { (Int($0) * 1024).byteSize } ?? "unreadable"
    note(
      DiagnosisFinding(.chip, .good, "\(device.name), number \(device.die.deviceID.hexadecimal), size word \(size)"))
    guard let protection = target.protection else {
      note(
        DiagnosisFinding(
          .protection, .warning, "RDP level 1: the bootloader does nothing but take it off", causes: [.readProtected]))
      note(DiagnosisFinding(.contents, .skipped, "protected against reading"))
      return
    }
    note(.protection(protection))
    if !protection.options.looksErased {
      DiagnosisFinding.options(protection, device, millivolts: millivolts).forEach(note)
    }
    guard protection.codeProtectedSectors.isEmpty else {
      note(DiagnosisFinding(.contents, .skipped, "protected against reading"))
      return
    }
    do throws(FlashError) {
      note(
        .contents(
          try FlashSurvey.examine(
            target.reader, of: device, startsFromBank2: protection.startsFromBank2, seeksGaps: true)))
    } catch {
      throw .flash(error)
    }
  }

  private func note(_ finding: DiagnosisFinding) {
    findings.append(finding)
    observer(finding)
  }
}

import Basics

/// The class requests of device firmware upgrade (USB DFU 1.1, table 3.2).
enum DFURequest: UInt8, Sendable, CaseIterable {
  case detach = 0
  case download = 1
  case upload = 2
  case getStatus = 3
  case clearStatus = 4
  case getState = 5
  case abort = 6

  /// The name in the specification.
  var name: String {
    switch self {
    case .detach: "DFU_DETACH"
    case .download: "DFU_DNLOAD"
    case .upload: "DFU_UPLOAD"
    case .getStatus: "DFU_GETSTATUS"
    case .clearStatus: "DFU_CLRSTATUS"
    case .getState: "DFU_GETSTATE"
    case .abort: "DFU_ABORT"
    }
  }
}

/// What a DFU device is doing: bState (USB DFU 1.1, 6.1.2).
enum DFUState: UInt8, Sendable, CaseIterable {
  case appIdle = 0
  case appDetach = 1
  case idle = 2
  case downloadSync = 3
  case downloadBusy = 4
  case downloadIdle = 5
  case manifestSync = 6
  case manifest = 7
  case manifestWaitReset = 8
  case uploadIdle = 9
  case error = 10

  /// The name in the specification.
  var name: String {
    switch self {
    case .appIdle: "appIDLE"
    case .appDetach: "appDETACH"
    case .idle: "dfuIDLE"
    case .downloadSync: "dfuDNLOAD-SYNC"
    case .downloadBusy: "dfuDNBUSY"
    case .downloadIdle: "dfuDNLOAD-IDLE"
    case .manifestSync: "dfuMANIFEST-SYNC"
    case .manifest: "dfuMANIFEST"
    case .manifestWaitReset: "dfuMANIFEST-WAIT-RESET"
    case .uploadIdle: "dfuUPLOAD-IDLE"
    case .error: "dfuERROR"
    }
  }
}

/// Why a DFU device is in its error state: bStatus (USB DFU 1.1, 6.1.2).
struct DFUStatus: RawRepresentable, Sendable, Hashable {
  let rawValue: UInt8

  static let ok = DFUStatus(rawValue: 0x00)
  static let target = DFUStatus(rawValue: 0x01)
  static let firmware = DFUStatus(rawValue: 0x0A)
  static let vendor = DFUStatus(rawValue: 0x0B)
  static let stalledPacket = DFUStatus(rawValue: 0x0F)

  private static let names = [
    "OK", "errTARGET", "errFILE", "errWRITE", "errERASE", "errCHECK_ERASED", "errPROG", "errVERIFY", "errADDRESS",
    "errNOTDONE", "errFIRMWARE", "errVENDOR", "errUSBR", "errPOR", "errUNKNOWN", "errSTALLEDPKT",
  ]

  /// The name in the specification; the number for one that it does not have.
  var name: String {
    Self.names.indices.contains(Int(rawValue)) ? Self.names[Int(rawValue)] : "status \(Hexadecimal.byte(rawValue))"
  }
}

/// The answer to GETSTATUS: status, how long to wait before the next one, and state.
struct DFUStatusReport: Sendable, Equatable {
  static let byteCount = 6

  var status: DFUStatus
  /// How long to wait at the least before asking again (bwPollTimeout).
  var pollTime: Duration
  /// bState; nil for a number that the specification does not have.
  var state: DFUState?

  /// Reads an answer; nil for one of another length.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    status = DFUStatus(rawValue: bytes[0])
    pollTime = .milliseconds(Int(bytes[1]) | Int(bytes[2]) << 8 | Int(bytes[3]) << 16)
    state = DFUState(rawValue: bytes[4])
  }

  /// Both in words: "dfuERROR, errVENDOR".
  var name: String { "\(state?.name ?? "no state of the specification"), \(status.name)" }
}

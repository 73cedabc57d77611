import Basics
import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the devices of a catalogue among those of a library, and opens the one that is meant.
struct ProbeFinder {
  let catalogue: USBCatalogue
  let library: any USBLibrary
  let clock: any LinkClock
  /// The programs that have a device file open.
  var holders: (String) -> [DeviceHolder] = { DeviceHolder.all(of: $0) }
  /// Whether the system shows any USB bus.
  var isBusVisible: () -> Bool = ProbeFinder.hasBusFolder

  /// A device by its descriptor, not opened yet.
  private struct Candidate {
    let device: LibUSBDevice
    let product: USBProduct
  }

  /// Every one of them, ordered by its place on the bus; each is opened for its strings where that is allowed.
  func list() throws(USBProbeError) -> [ProbeListing] {
    try survey().candidates.compactMap(listing)
  }

  /// Opens the probe that `selector` means, or the only one when it is nil.
  ///
  /// A choice by place, or of the only probe, opens no other.
  func open(matching selector: String?) throws(USBProbeError) -> ClaimedUSBDevice {
    let found = try survey()
    let unopened = found.candidates.map { plainListing($0, access: .free) }
    let usable = found.candidates.filter { $0.product.obstacle == nil }
    guard !found.candidates.isEmpty, selector != nil || !usable.isEmpty else {
      throw .noProbe(unusable: unopened, foreign: found.foreign, isBusVisible: isBusVisible())
    }
    guard let selector else {
      guard let only = usable.first, usable.count == 1 else { throw .severalProbes(usable.compactMap(listing)) }
      return try open(only)
    }
    return try open(choose(ProbeSelector(selector), from: found.candidates))
  }

  // MARK: Choice

  private func choose(_ selector: ProbeSelector, from candidates: [Candidate]) throws(USBProbeError) -> Candidate {
    if let located = candidates.first(where: { selector.names($0.device.location) }) { return located }
    let listings = candidates.compactMap(listing)
    let matches = selector.matches(in: listings)
    guard let match = matches.first else {
      // With no serial to be seen for want of permission, that is the cause, and not the selector.
      let denied = listings.filter { if case .denied = $0.access { true } else { false } }
      if let first = denied.first, denied.count == listings.count { throw .denied(first) }
      throw .noMatch(selector: selector.text, listings)
    }
    guard matches.count == 1 else { throw .ambiguous(selector: selector.text, matches) }
    guard let chosen = candidates.first(where: { $0.device.location == match.identity.location }) else {
      throw .gone(match)
    }
    return chosen
  }

  private func open(_ candidate: Candidate) throws(USBProbeError) -> ClaimedUSBDevice {
    var listing = plainListing(candidate, access: .free)
    guard candidate.product.obstacle == nil else { throw .unusable(listing) }
    do {
      return try ClaimedUSBDevice(
        opening: candidate.device, for: candidate.product.function, with: library, clock: clock)
    } catch {
      switch error.error {
      case .access:
        listing.access = denied(candidate)
        throw .denied(listing)
      case .busy:
        // Its strings can still be read, which a claim is not needed for.
        listing = self.listing(candidate) ?? listing
        listing.access = .inUse
        throw .inUse(listing, holders: listing.deviceNode.map(holders) ?? [])
      case .noDevice:
        throw .gone(listing)
      default:
        throw .openFailed(listing, call: error.call, error.error)
      }
    }
  }

  // MARK: Listing

  private func survey() throws(USBProbeError) -> (candidates: [Candidate], foreign: [ForeignDevice]) {
    let devices: [LibUSBDevice]
    do {
      devices = try library.devices()
    } catch {
      throw .libraryFailed(call: "libusb_get_device_list", error)
    }
    let ours = devices.filter { catalogue.knows(vendorID: $0.vendorID) || catalogue.product(of: $0) != nil }
      .sorted { $0.isBefore($1) }
    var candidates: [Candidate] = []
    var foreign: [ForeignDevice] = []
    for device in ours {
      if let product = catalogue.product(of: device) {
        candidates.append(Candidate(device: device, product: product))
      } else {
        let ids = Hexadecimal.usbIDs(vendorID: device.vendorID, productID: device.productID)
        foreign.append(
          ForeignDevice(
            ids: ids, location: device.location, kind: catalogue.neighbours[ids] ?? catalogue.stranger))
      }
    }
    return (candidates, foreign)
  }

  /// Opens a candidate for its strings; nil when it has been unplugged meanwhile.
  private func listing(_ candidate: Candidate) -> ProbeListing? {
    do {
      let connection = try DeviceConnection(
        opening: candidate.device, for: candidate.product.function, with: library)
      let runner = BatchRunner(library: library, handle: connection.handle, clock: clock)
      let strings = DeviceStrings(of: candidate.device, through: runner)
      guard strings.failure != .gone else { return nil }
      let isHeld = try connection.isHeldByAnother()
      return ProbeListing(
        identity: candidate.device.identity(with: strings), product: candidate.product,
        access: isHeld ? .inUse : .free, deviceNode: ProbeFinder.node(of: candidate.device),
        stringFailure: strings.failure)
    } catch {
      switch error.error {
      case .noDevice: return nil
      case .access: return plainListing(candidate, access: denied(candidate))
      case .busy: return plainListing(candidate, access: .inUse)
      default: return plainListing(candidate, access: .failed(error.error))
      }
    }
  }

  private func plainListing(_ candidate: Candidate, access: ProbeAccess) -> ProbeListing {
    ProbeListing(
      identity: candidate.device.identity(with: nil), product: candidate.product, access: access,
      deviceNode: ProbeFinder.node(of: candidate.device))
  }

  private func denied(_ candidate: Candidate) -> ProbeAccess {
    .denied(node: ProbeFinder.node(of: candidate.device), rule: UdevRule.line(for: candidate.product))
  }

  // MARK: Linux's device files

  private static let busFolder = "/dev/bus/usb"

  private static func hasBusFolder() -> Bool {
    #if os(Linux)
    access(busFolder, F_OK) == 0
    #else
    true
    #endif
  }

  /// The device file of a device ("/dev/bus/usb/001/007"); nil on systems without device files.
  private static func node(of device: LibUSBDevice) -> String? {
    #if os(Linux)
    let parts = [device.location.bus, device.location.address].map { number in
      String(repeating: "0", count: 3 - String(number).count) + String(number)
    }
    return busFolder + "/" + parts.joined(separator: "/")
    #else
    return nil
    #endif
  }
}

extension LibUSBDevice {
  /// The order in which devices are listed: by bus, port and, where no port is known, address.
  fileprivate func isBefore(_ other: LibUSBDevice) -> Bool {
    let mine = [location.bus] + location.ports + [location.address]
    let theirs = [other.location.bus] + other.location.ports + [other.location.address]
    return mine.lexicographicallyPrecedes(theirs)
  }
}

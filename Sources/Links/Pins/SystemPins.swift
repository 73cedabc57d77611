package import LinkInterface

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The GPIO pins of this computer, through the kernel's character devices.
///
/// Pins are numbered as programs do that know sysfs: over all chips, each with the base that sysfs gives it; where there is no
/// sysfs, the first chip's are meant. A pin is claimed when it is first driven and kept until all are released.
package final class SystemPins: HostPins {
  #if os(Linux)
  /// Where the devices are, and where sysfs lists the chips with their bases.
  struct Places {
    var devices = "/dev"
    var chips = "/sys/class/gpio"
  }

  private let kernel: any GPIODevice
  private let places: Places
  private var claimed: [Int: CInt] = [:]

  init(kernel: any GPIODevice, places: Places = Places()) {
    self.kernel = kernel
    self.places = places
  }

  /// Makes them; nothing is opened before a pin is driven.
  package convenience init() { self.init(kernel: KernelGPIODevice()) }

  deinit { release() }

  package func drive(_ pin: Int, high: Bool) throws(PinError) {
    if let line = claimed[pin] {
      if case .failure(let failure) = kernel.set(line, high: high) {
        throw error(failure, pin, of: place(of: pin).path)
      }
      return
    }
    claimed[pin] = try claim(pin, high: high)
  }

  package func release() {
    claimed.values.forEach(kernel.close)
    claimed = [:]
  }

  private func claim(_ pin: Int, high: Bool) throws(PinError) -> CInt {
    let (path, line) = place(of: pin)
    do {
      let device = try kernel.open(path).get()
      defer { kernel.close(device) }
      guard line < (try kernel.lineCount(of: device).get()) else { throw PinError(.missing, pin: pin, device: path) }
      return try kernel.claim(line, of: device, high: high).get()
    } catch let failure as GPIOFailure {
      throw error(failure, pin, of: path)
    } catch let error as PinError {
      throw error
    } catch {
      throw PinError(.other(code: 0, text: "\(error)"), pin: pin, device: path)
    }
  }

  private func error(_ failure: GPIOFailure, _ pin: Int, of path: String) -> PinError {
    let reason: PinError.Reason =
      switch failure.code {
      case ENOENT, ENODEV, ENXIO, ENOTTY: .unavailable
      case EACCES, EPERM: .denied
      case EBUSY: .busy
      case let code: .other(code: code, text: String(cString: strerror(code)))
      }
    return PinError(reason, pin: pin, device: path)
  }

  /// The device that a pin is a line of, and which.
  ///
  /// Sysfs shows a chip as `gpiochipBASE`, with the numbers `base` and `ngpio`, below the device that the character device is
  /// below too.
  private func place(of pin: Int) -> (path: String, line: Int) {
    for name in SystemFiles.names(in: places.chips) where name.hasPrefix("gpiochip") {
      let chip = "\(places.chips)/\(name)"
      guard let base = number("\(chip)/base"), let count = number("\(chip)/ngpio"), (base..<base + count).contains(pin),
        let device = SystemFiles.names(in: "\(chip)/device").filter({ $0.hasPrefix("gpiochip") }).min()
      else { continue }
      return ("\(places.devices)/\(device)", pin - base)
    }
    return ("\(places.devices)/gpiochip0", pin)
  }

  private func number(_ path: String) -> Int? { SystemFiles.firstLine(of: path).flatMap { Int($0) } }
  #else
  /// Makes them; this system has none.
  package init() {}

  package func drive(_ pin: Int, high: Bool) throws(PinError) {
    throw PinError(.unavailable, pin: pin, device: "GPIO of the operating system")
  }

  package func release() {}
  #endif
}

#if os(Linux)
import CLinux

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// What the kernel's GPIO character devices do for this program; a test puts something else in their place.
protocol GPIODevice {
  /// Opens a device by its path; an errno where that fails.
  func open(_ path: String) -> Result<CInt, GPIOFailure>
  /// How many lines an open device has.
  func lineCount(of device: CInt) -> Result<Int, GPIOFailure>
  /// Makes a line an output with a level; a descriptor that holds it.
  func claim(_ line: Int, of device: CInt, high: Bool) -> Result<CInt, GPIOFailure>
  /// Changes a claimed line's level.
  func set(_ claimed: CInt, high: Bool) -> Result<Void, GPIOFailure>
  /// Closes a device, or gives a line back.
  func close(_ descriptor: CInt)
}

/// The errno of a call that failed.
struct GPIOFailure: Error, Equatable {
  let code: CInt
}

/// The kernel's own (linux/gpio.h, "v2", since Linux 5.10).
struct KernelGPIODevice: GPIODevice {
  /// The requests, whose numbers hold the sizes of their structures: GPIO_GET_CHIPINFO_IOCTL, GPIO_V2_GET_LINE_IOCTL and
  /// GPIO_V2_LINE_SET_VALUES_IOCTL.
  enum Request {
    static let chipInfo: UInt = 0x8044_B401
    static let claimLines: UInt = 0xC250_B407
    static let setValues: UInt = 0xC010_B40F
  }

  private static let output: UInt64 = 1 << 3
  private static let outputValues: UInt32 = 2

  func open(_ path: String) -> Result<CInt, GPIOFailure> {
    #if canImport(Glibc)
    let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    #else
    let descriptor = Musl.open(path, O_RDWR | O_CLOEXEC)
    #endif
    return descriptor < 0 ? .failure(GPIOFailure(code: errno)) : .success(descriptor)
  }

  func lineCount(of device: CInt) -> Result<Int, GPIOFailure> {
    var info = stflash_gpio_chip_info()
    guard ioctl(device, Request.chipInfo, &info) == 0 else { return .failure(GPIOFailure(code: errno)) }
    return .success(Int(info.line_count))
  }

  func claim(_ line: Int, of device: CInt, high: Bool) -> Result<CInt, GPIOFailure> {
    var request = Self.request(for: line, high: high)
    guard ioctl(device, Request.claimLines, &request) == 0 else { return .failure(GPIOFailure(code: errno)) }
    return .success(request.descriptor)
  }

  /// An output that has its level from the beginning, so that nothing is seen of a change.
  static func request(for line: Int, high: Bool) -> stflash_gpio_line_request {
    var request = stflash_gpio_line_request()
    request.offsets.0 = UInt32(line)
    request.line_count = 1
    withUnsafeMutableBytes(of: &request.consumer) { $0.copyBytes(from: Array("stflash".utf8)) }
    request.configuration.flags = output
    request.configuration.attribute_count = 1
    request.configuration.attributes.0.id = outputValues
    request.configuration.attributes.0.value = high ? 1 : 0
    request.configuration.attributes.0.mask = 1
    return request
  }

  func set(_ claimed: CInt, high: Bool) -> Result<Void, GPIOFailure> {
    var values = stflash_gpio_line_values(bits: high ? 1 : 0, mask: 1)
    return ioctl(claimed, Request.setValues, &values) == 0 ? .success(()) : .failure(GPIOFailure(code: errno))
  }

  func close(_ descriptor: CInt) {
    #if canImport(Glibc)
    _ = Glibc.close(descriptor)
    #else
    _ = Musl.close(descriptor)
    #endif
  }
}
#endif

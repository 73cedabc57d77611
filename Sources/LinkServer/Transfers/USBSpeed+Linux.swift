import LinkInterface

extension USBSpeed {
  /// The number in enum usb_device_speed (linux/usb/ch9.h).
  var linuxNumber: Int32 {
    switch self {
    case .unknown: 0
    case .low: 1
    case .full: 2
    case .high: 3
    case .superSpeed: 5
    }
  }
}

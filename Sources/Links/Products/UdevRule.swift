import Basics

/// The udev rules that let the user at the seat, and members of `plugdev`, open a device on Linux.
///
/// They must sort before `73-seat-late.rules`, which acts on the tag `uaccess`, and after `50-udev-default.rules`, which
/// sets a mode of its own.
package enum UdevRule {
  /// The name of the rules file in the project's folder `udev`, and of its installed copy.
  package static let fileName = "70-stflash.rules"

  /// Where the file is to be installed.
  package static let installedPath = "/etc/udev/rules.d/" + fileName

  /// The one line that a product needs.
  package static func line(for product: USBProduct) -> String {
    """
    SUBSYSTEM=="usb", ATTR{idVendor}=="\(digits(product.vendorID))", \
    ATTR{idProduct}=="\(digits(product.productID))", MODE="0660", GROUP="plugdev", TAG+="uaccess"
    """
  }

  private static func digits(_ id: UInt16) -> String { Hexadecimal.digits(id, width: 4, uppercase: false) }
}

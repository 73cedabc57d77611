/// Real ST-LINK probes through libusb-1.0.
public enum USBProbe {}

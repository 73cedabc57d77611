extension RegisterTable {
  /// RM0090, 34.16, on the parts with four endpoints.
  static let fullSpeedUSB = fullSpeedUSB(.first)
  /// RM0390, 31.15, on those with six.
  static let laterFullSpeedUSB = fullSpeedUSB(.second)

  private static func fullSpeedUSB(_ facts: OnTheGoFacts) -> RegisterTable {
    let count = facts.endpointCount
    let (session, general) = facts.hasSessionOverride ? ("EFE", "3F0000") : ("E02", "3D0000")
    let words = facts.identification.words.enumerated().map { index, word in
      "GSNPSID+\(index) \(String(0x40 + 4 * index, radix: 16)) \(String(word, radix: 16)) 0"
    }
    let fifos = (0..<count).map { "DFIFO\($0) \(String(0x1000 * ($0 + 1), radix: 16)) 0 0" }
    let others = fullSpeedRows(
      count, session, general, String(facts.identification.core, radix: 16), facts.hasSessionOverride ? "2" : "0")
    return RegisterTable(([others] + words + fifos).joined(separator: "\n"))
  }

  private static func fullSpeedRows(
    _ count: Int, _ session: String, _ general: String, _ core: String, _ control: String
  ) -> String {
    """
    GOTGCTL      0      800      \(session)
    GOTGINT      4        0    E0304
    GAHBCFG      8        0      181
    GUSBCFG      C      A00 E0003F07 w40
    GRSTCTL     10 80000000      7F7
    GINTSTS     14  4000020        0 cF030FC0A
    GINTMSK     18        0 F63EFCFE
    GRXSTSR     1C        0        0
    GRXSTSP     20        0        0
    GRXFSIZ     24      200     FFFF
    GNPTXFSIZ   28      200 FFFFFFFF
    GNPTXSTS    2C    80200        0
    GCCFG       38        0   \(general)
    CID         3C     \(core) FFFFFFFF
    GLPMCFG     54        0     FFFF
    GDFIFOCFG   5C        0 FFFFFFFF
    HPTXFSIZ   100  2000600 FFFFFFFF
    DIEPTXF1   104  2000400 FFFFFFFF x5/4
    DIEPTXF6   118        0        0 x10/4
    HCFG       400        0        3
    HFIR       404     EA60     FFFF
    HFNUM      408     3FFF        0
    HPTXSTS    410    80100     FFFF
    HAINT      414        0        0
    HAINTMSK   418        0     FFFF
    HPRT       440        0    1F1EE
    HCCHAR0    500        0 FFFEFFFF x8/20
    HCINT0     508        0        0 c7BB x8/20
    HCINTMSK0  50C        0      7FB x8/20
    HCTSIZ0    510        0 7FFFFFFF x8/20
    DCFG       800  2200000     1FF7
    DCTL       804        \(control)      FF3
    DSTS       808       10        0
    DIEPMSK    810        0       7B
    DOEPMSK    814        0       1B
    DAINT      818        0        0
    DAINTMSK   81C        0 FFFFFFFF
    DVBUSDIS   828     17D7     FFFF
    DVBUSPULSE 82C      5B8      FFF
    DIEPEMPMSK 834        0     FFFF
    DIEPCTL0   900        0  3E00003 wC000000
    DIEPINT0   908       80        0 c5B x\(count)/20
    DIEPTSIZ0  910        0   18007F
    DTXFSTS0   918        0        0 x\(count)/20
    DIEPCTL1   920        0 C3EC87FF w3C000000 x\(count - 1)/20
    DIEPTSIZ1  930        0 7FFFFFFF x\(count - 1)/20
    DOEPCTL0   B00     8000   300000 w8C000000
    DOEPINT0   B08       80        0 c5B x\(count)/20
    DOEPTSIZ0  B10        0 6008007F
    DOEPCTL1   B20        0 C03C87FF w3C000000 x\(count - 1)/20
    DOEPTSIZ1  B30        0 7FFFFFFF x\(count - 1)/20
    PCGCCTL    E00        0       13
    """
  }

  /// RM0090, 35.12.
  static let highSpeedUSB = RegisterTable(
    """
    GOTGCTL        0      800      E02
    GOTGINT        4        0    E0304
    GAHBCFG        8        0      1BF
    GUSBCFG        C      A00 E3FEBF07 w40
    GRSTCTL       10 80000000      7F7
    GINTSTS       14  4000020        0 cF070FC0A
    GINTMSK       18        0 F67EFCFE
    GRXSTSR       1C        0        0
    GRXSTSP       20        0        0
    GRXFSIZ       24      200     FFFF
    GNPTXFSIZ     28      200 FFFFFFFF
    GNPTXSTS      2C    80200        0
    GCCFG         38        0   3F0000
    CID           3C     1200 FFFFFFFF
    HPTXFSIZ     100  2000600 FFFFFFFF
    DIEPTXF1     104  2000400 FFFFFFFF x7/4
    DIEPTXF8     120        0        0 x8/4
    HCFG         400        0        3
    HFIR         404     EA60    1FFFF
    HFNUM        408     3FFF        0
    HPTXSTS      410    80100     FFFF
    HAINT        414        0        0
    HAINTMSK     418        0     FFFF
    HPRT         440        0    1F1EE
    HCCHAR0      500        0 FFFEFFFF x16/20
    HCSPLT0      504        0 8001FFFF x16/20
    HCINT0       508        0        0 c7FF x16/20
    HCINTMSK0    50C        0      7FF x16/20
    HCTSIZ0      510        0 7FFFFFFF x16/20
    HCDMA0       514        0 FFFFFFFF x16/20
    DCFG         800  2200000  3001FF7
    DCTL         804        0      873 w780
    DSTS         808       10        0
    DIEPMSK      810        0      37B
    DOEPMSK      814        0      35B
    DAINT        818        0        0
    DAINTMSK     81C        0 FFFFFFFF
    DVBUSDIS     828     17D7     FFFF
    DVBUSPULSE   82C      5B8      FFF
    DTHRCTL      830        0  BFF07FF
    DIEPEMPMSK   834        0     FFFF
    DEACHINT     838        0    20002
    DEACHINTMSK  83C        0    20002
    DIEPEACHMSK1 844        0     237B
    DOEPEACHMSK1 884        0     737B
    DIEPCTL0     900        0 C3EC87FF w3C000000 x8/20
    DIEPINT0     908       80        0 c3B5B
    DIEPTSIZ0    910        0   18007F
    DIEPDMA0     914        0 FFFFFFFF x8/20
    DTXFSTS0     918        0        0 x8/20
    DIEPINT1     928        0        0 c3B5B x7/20
    DIEPTSIZ1    930        0 7FFFFFFF x7/20
    DOEPCTL0     B00     8000   300000 w8C000000
    DOEPINT0     B08       80        0 c405B
    DOEPTSIZ0    B10        0 6008007F
    DOEPDMA0     B14        0 FFFFFFFF x8/20
    DOEPCTL1     B20        0 C03C87FF w3C000000 x7/20
    DOEPINT1     B28        0        0 c405B x7/20
    DOEPTSIZ1    B30        0 7FFFFFFF x7/20
    PCGCR        E00        0       13
    """)
}

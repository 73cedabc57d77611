extension RegisterTable {
  /// RM0090, 15.8.
  static let camera = RegisterTable(
    """
    CR      0 0     4FFF
    SR      4 0        0
    RIS     8 0        0
    IER     C 0       1F
    MIS    10 0        0
    ICR    14 0        0 w1F
    ESCR   18 0 FFFFFFFF
    ESUR   1C 0 FFFFFFFF
    CWSTRT 20 0 1FFF3FFF
    CWSIZE 24 0 3FFF3FFF
    DR     28 0        0
    """)

  /// RM0090, 11.5.
  static let graphicsAccelerator = RegisterTable(
    """
    CR        0 0    33F07
    ISR       4 0        0
    IFCR      8 0        0 w3F
    FGMAR     C 0 FFFFFFFF
    FGOR     10 0     3FFF
    BGMAR    14 0 FFFFFFFF
    BGOR     18 0     3FFF
    FGPFCCR  1C 0 FF03FF3F
    FGCOLR   20 0   FFFFFF
    BGPFCCR  24 0 FF03FF3F
    BGCOLR   28 0   FFFFFF
    FGCMAR   2C 0 FFFFFFFF
    BGCMAR   30 0 FFFFFFFF
    OPFCCR   34 0        7
    OCOLR    38 0 FFFFFFFF
    OMAR     3C 0 FFFFFFFF
    OOR      40 0     3FFF
    NLR      44 0 3FFFFFFF
    LWR      48 0     FFFF
    AMTCR    4C 0     FF01
    FGCLUT  400 0 FFFFFFFF
    BGCLUT  800 0 FFFFFFFF
    """)

  /// RM0090, 16.7.
  static let displayController = RegisterTable(
    """
    SSCR      8    0  FFF07FF
    BPCR      C    0  FFF07FF
    AWCR     10    0  FFF07FF
    TWCR     14    0  FFF07FF
    GCR      18 2220 F0010001
    SRCR     24    0        3
    BCCR     2C    0   FFFFFF
    IER      34    0        F
    ISR      38    0        0
    ICR      3C    0        0 wF
    LIPCR    40    0      7FF
    CPSR     44    0        0
    CDSR     48    F        0
    L1CR     84    0       13 x2/80
    L1WHPCR  88    0  FFF0FFF x2/80
    L1WVPCR  8C    0  7FF07FF x2/80
    L1CKCR   90    0   FFFFFF x2/80
    L1PFCR   94    0        7 x2/80
    L1CACR   98   FF       FF x2/80
    L1DCCR   9C    0 FFFFFFFF x2/80
    L1BFCR   A0  607      707 x2/80
    L1CFBAR  AC    0 FFFFFFFF x2/80
    L1CFBLR  B0    0 1FFF1FFF x2/80
    L1CFBLNR B4    0      7FF x2/80
    L1CLUTWR C4    0        0 wFFFFFFFF x2/80
    """)

  /// RM0386, 18.15.
  static let displayHost = RegisterTable(
    """
    VR        0 3133302A        0
    CR        4        0        1
    CCR       8        0     FFFF
    LVCIDR    C        0        3
    LCOLCR   10        0      10F
    LPCR     14        0        7
    LPMCR    18        0   FF00FF
    PCR      2C        0       1F
    GVCIDR   30        0        3
    MCR      34        1        1
    VMCR     38        0  111FF03
    VPCR     3C        0     3FFF
    VCCR     40        0     1FFF
    VNPCR    44        0     1FFF
    VHSACR   48        0      FFF
    VHBPCR   4C        0      FFF
    VLCR     50        0     7FFF
    VVSACR   54        0      3FF
    VVBPCR   58        0      3FF
    VVFPCR   5C        0      3FF
    VVACR    60        0     3FFF
    LCCR     64        0     FFFF
    CMCR     68        0  10F7F03
    GHCR     6C        0   FFFFFF
    GPDR     70        0 FFFFFFFF
    GPSR     74       15        0
    TCCR0    78        0 FFFFFFFF
    TCCR1    7C        0     FFFF
    TCCR2    80        0     FFFF
    TCCR3    84        0  100FFFF
    TCCR4    88        0     FFFF
    TCCR5    8C        0     FFFF
    CLCR     94        0        3
    CLTCR    98        0  3FF03FF
    DLTCR    9C        0 FFFF7FFF
    PCTLR    A0        0        6
    PCONFR   A4        1     FF03
    PUCR     A8        0        F
    PTTCR    AC        0        F
    PSR      B0     1528        0
    ISR0     BC        0        0
    ISR1     C0        0        0
    IER0     C4        0   1FFFFF
    IER1     C8        0     1FFF
    FIR0     D8        0        0 w1FFFFF
    FIR1     DC        0        0 w1FFF
    VSCR    100        0      101
    LCVCIDR 10C        0        3
    LCCCR   110        0        0
    LPMCCR  118        0        0
    VMCCR   138        0        0
    VPCCR   13C        0        0
    VCCCR   140        0        0
    VNPCCR  144        0        0
    VHSACCR 148        0        0
    VHBPCCR 14C        0        0
    VLCCR   150        0        0
    VVSACCR 154        0        0
    VVBPCCR 158        0        0
    VVFPCCR 15C        0        0
    VVACCR  160        0        0
    WCFGR   400        0       FF
    WCR     404        0        F
    WIER    408        0     2603
    WISR    40C        0        0
    WIFCR   410        0        0 w2603
    WPCR0   418        0  FFD7FFF
    WPCR1   41C        0  64F13CF
    WPCR2   420        0 FFFFFFFF
    WPCR3   424        0 FFFFFFFF
    WPCR4   428        0       FF
    WRPCR   430        0  10379FD
    """)
}

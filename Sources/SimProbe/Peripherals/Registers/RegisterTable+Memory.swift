extension RegisterTable {
  /// RM0090, 33.8: MAC, MMC, PTP and DMA.
  static let ethernet = RegisterTable(
    """
    MACCR          0     8000  2CF7EFC
    MACFFR         4        0 800003FF
    MACHTHR        8        0 FFFFFFFF
    MACHTLR        C        0 FFFFFFFF
    MACMIIAR      10        0     FFDF
    MACMIIDR      14        0     FFFF
    MACFCR        18        0 FFFF00BF
    MACVLANTR     1C        0    1FFFF
    MACPMTCSR     2C        0 80000267
    MACDBGR       34        0        0
    MACSR         38        0      200
    MACIMR        3C        0      208
    MACA0HR       40   10FFFF     FFFF
    MACA0LR       44 FFFFFFFF FFFFFFFF
    MACA1HR       48     FFFF FF00FFFF x3/8
    MACA1LR       4C FFFFFFFF FFFFFFFF
    MACA2LR       54 FFFFFFFF 7FFFFFFF
    MACA3LR       5C FFFFFFFF FFFFFFFF
    MMCCR        100        0       3F
    MMCRIR       104        0    20060
    MMCTIR       108        0        0
    MMCRIMR      10C        0    20060
    MMCTIMR      110        0    1C000
    MMCTGFSCCR   14C        0        0
    MMCTGFMSCCR  150        0        0
    MMCTGFCR     168        0        0
    MMCRFCECR    194        0        0
    MMCRFAECR    198        0        0
    MMCRGUFCR    1C4        0        0
    PTPTSCR      700     2000    7FF3F
    PTPSSIR      704        0       FF
    PTPTSHR      708        0        0
    PTPTSLR      70C        0        0
    PTPTSHUR     710        0 FFFFFFFF
    PTPTSLUR     714        0 FFFFFFFF
    PTPTSAR      718        0 FFFFFFFF
    PTPTTHR      71C        0 FFFFFFFF
    PTPTTLR      720        0 FFFFFFFF
    PTPTSSR      728        0        0
    PTPPPSCR     72C        0        0
    DMABMR      1000    20101  7FFFFFF
    DMATPDR     1004        0 FFFFFFFF
    DMARPDR     1008        0 FFFFFFFF
    DMARDLAR    100C        0 FFFFFFFF
    DMATDLAR    1010        0 FFFFFFFF
    DMASR       1014        0        0 c1E7FF
    DMAOMR      1018        0  731E0DE
    DMAIER      101C        0    1E7FF
    DMAMFBOCR   1020        0 1FFFFFFF
    DMARSWTR    1024        0       FF
    DMACHTDR    1048        0        0
    DMACHRDR    104C        0        0
    DMACHTBAR   1050        0        0
    DMACHRBAR   1054        0        0
    """)

  /// RM0033, 31.5 and 31.6; RM0090, 36.5 and 36.6.
  ///
  /// ST's SVD files have 0x30D0 for every BCR. What ST's own libraries write to bring a bank back to its reset state is 0x30DB
  /// for the first and 0x30D2 for the others (FSMC_NORSRAM_DeInit of stm32f4xx_ll_fsmc.c and of stm32f4xx_ll_fmc.c,
  /// FSMC_NORSRAMDeInit before them), and that is taken: the first bank is enabled after a reset, for a NOR flash that a core
  /// may start from. Nobody has read it on a chip here.
  static let staticMemory = RegisterTable(
    """
    BCR1    0     30DB    8FB7F
    BTR1    4 FFFFFFFF 3FFFFFFF x4/8
    BCR2    8     30D2    8FF7F x3/8
    PCR2   60       18    FFE7E x3/20
    SR2    64       40       3F x3/20
    PMEM2  68 FCFCFCFC FFFFFFFF x3/20
    PATT2  6C FCFCFCFC FFFFFFFF x3/20
    ECCR2  74        0        0
    ECCR3  94        0        0
    PIO4   B0 FCFCFCFC FFFFFFFF
    BWTR1 104  FFFFFFF 3FF0FFFF x4/8
    """)

  /// RM0090, 37.5 to 37.7.
  static let flexibleMemory = RegisterTable(
    """
    BCR1    0     30DB   1FFF7F
    BTR1    4 FFFFFFFF 3FFFFFFF x4/8
    BCR2    8     30D2    FFF7F x3/8
    PCR2   60       18    FFE7E x3/20
    SR2    64       40       3F x3/20
    PMEM2  68 FCFCFCFC FFFFFFFF x3/20
    PATT2  6C FCFCFCFC FFFFFFFF x3/20
    ECCR2  74        0        0
    ECCR3  94        0        0
    PIO4   B0 FCFCFCFC FFFFFFFF
    BWTR1 104  FFFFFFF 300FFFFF
    BWTR2 10C  FFFFFFF 300FFFFF
    SDCR1 140      2D0     7FFF
    SDCR2 144      2D0      FFF
    SDTR1 148  FFFFFFF  FFFFFFF
    SDTR2 14C  FFFFFFF  FFFFFFF
    SDCMR 150        0   3FFFE0 w1F
    SDRTR 154        0     7FFE w1
    SDSR  158        0        0
    """)

  /// RM0390, 12.5.
  static let quadSPI = RegisterTable(
    """
    CR     0 0 FFDF1FDF
    DCR    4 0   1F0701
    SR     8 0        0
    FCR    C 0        0 w1B
    DLR   10 0 FFFFFFFF
    CCR   14 0 DF7FFFFF
    AR    18 0 FFFFFFFF
    ABR   1C 0 FFFFFFFF
    DR    20 0 FFFFFFFF
    PSMKR 24 0 FFFFFFFF
    PSMAR 28 0 FFFFFFFF
    PIR   2C 0     FFFF
    LPTR  30 0     FFFF
    """)
}

-- Wireshark dissector for the ST-LINK's debug interface (V2, V2-1, V3): command names, arguments, statuses.
--
-- Load it with  wireshark -X lua_script:stlink.lua  or put it into the personal plugins folder. It looks at bulk
-- transfers whose OUT blocks have the shape of a command, so that captures begun after the probe was plugged in work.

local stlink = Proto("stlink", "ST-LINK debug interface")

local field = {
  command = ProtoField.string("stlink.command", "Command"),
  address = ProtoField.uint32("stlink.address", "Address", base.HEX),
  length = ProtoField.uint16("stlink.length", "Length in bytes", base.DEC),
  value = ProtoField.uint32("stlink.value", "Value", base.HEX),
  port = ProtoField.uint16("stlink.port", "Port", base.HEX),
  register = ProtoField.uint16("stlink.register", "Register", base.HEX),
  argument = ProtoField.bytes("stlink.argument", "Arguments"),
  status = ProtoField.uint8("stlink.status", "Status", base.HEX),
  status_name = ProtoField.string("stlink.status.name", "Status"),
  data = ProtoField.bytes("stlink.data", "Data"),
  request_frame = ProtoField.framenum("stlink.request_in", "Command in frame", base.NONE, frametype.REQUEST),
  millivolts = ProtoField.uint32("stlink.millivolts", "Target voltage in mV", base.DEC),
  version = ProtoField.string("stlink.version", "Firmware"),
}
stlink.fields = field

local failed = ProtoExpert.new("stlink.failed", "The probe reports a failure", expert.group.RESPONSE_CODE,
  expert.severity.WARN)
stlink.experts = { failed }

local statuses = {
  [0x80] = "ok", [0x81] = "fault", [0x01] = "unknown error", [0x02] = "SPI error", [0x03] = "DMA error",
  [0x04] = "unknown JTAG chain", [0x05] = "no device connected", [0x06] = "internal error",
  [0x07] = "command wait", [0x08] = "command error", [0x09] = "get IDCODE error", [0x0A] = "alignment error",
  [0x0B] = "debug power error", [0x0C] = "write error", [0x0D] = "write verify error",
  [0x0E] = "already opened in other mode", [0x10] = "AP wait", [0x11] = "AP fault", [0x12] = "AP error",
  [0x13] = "AP parity error", [0x14] = "DP wait", [0x15] = "DP fault", [0x16] = "DP error",
  [0x17] = "DP parity error", [0x18] = "AP write data error", [0x19] = "AP sticky error",
  [0x1A] = "AP sticky overrun", [0x1D] = "bad AP", [0x20] = "SWV not available", [0x29] = "too many APs",
  [0x40] = "configuration changed", [0x41] = "frequency not supported", [0x42] = "unknown command",
}

-- Layouts of arguments, and of replies. A reply is "status", "value" (status, two stale bytes, a word), "data" (no
-- status in it), "version", "voltage" or nothing. "out" marks commands that a data phase to the probe follows.
local top = {
  [0xF1] = { "GET_VERSION", reply = "version" },
  [0xF5] = { "GET_CURRENT_MODE", reply = "data" },
  [0xF7] = { "GET_TARGET_VOLTAGE", reply = "voltage" },
  [0xFB] = { "GET_VERSION_EX", reply = "data" },
  [0xFD] = { "DRIVE_TARGET_POWER", reply = "status" },
}

local dfu = {
  [0x00] = { "DFU_DETACH" }, [0x01] = { "DFU_DOWNLOAD", out = true }, [0x02] = { "DFU_UPLOAD", reply = "data" },
  [0x03] = { "DFU_GET_STATUS", reply = "data" }, [0x04] = { "DFU_CLEAR_STATUS" },
  [0x05] = { "DFU_GET_STATE", reply = "data" }, [0x06] = { "DFU_ABORT" }, [0x07] = { "DFU_EXIT" },
  [0x08] = { "DFU_READ_IDENTIFIERS", reply = "data" },
}

local swim = { [0x00] = { "SWIM_ENTER" }, [0x01] = { "SWIM_EXIT" } }

local function memory(name, out)
  return { name, args = "memory", reply = not out and "data" or nil, out = out }
end

local debug = {
  [0x01] = { "GETSTATUS", reply = "status" }, [0x02] = { "FORCEDEBUG", reply = "status" },
  [0x03] = { "RESETSYS_V1", reply = "status" }, [0x04] = { "READALLREGS_V1", reply = "data" },
  [0x05] = { "READREG_V1", args = "register8", reply = "data" },
  [0x06] = { "WRITEREG_V1", args = "register8", reply = "status" },
  [0x07] = memory("READMEM32"), [0x08] = memory("WRITEMEM32", true),
  [0x09] = { "RUNCORE", reply = "status" }, [0x0A] = { "STEPCORE", reply = "status" },
  [0x0B] = { "SETFP", reply = "status" },
  [0x0C] = memory("READMEM8"), [0x0D] = memory("WRITEMEM8", true),
  [0x0E] = { "CLEARFP", reply = "status" }, [0x0F] = { "WRITEDEBUGREG_V1", args = "poke", reply = "status" },
  [0x20] = { "ENTER_V1" }, [0x21] = { "EXIT" }, [0x22] = { "READCOREID", reply = "data" },
  [0x30] = { "ENTER", reply = "status" }, [0x31] = { "READ_IDCODES", reply = "value" },
  [0x32] = { "RESETSYS", reply = "status" },
  [0x33] = { "READREG", args = "register8", reply = "value" },
  [0x34] = { "WRITEREG", args = "register8", reply = "status" },
  [0x35] = { "WRITEDEBUGREG", args = "poke", reply = "status" },
  [0x36] = { "READDEBUGREG", args = "peek", reply = "value" },
  [0x3A] = { "READALLREGS", reply = "status" }, [0x3B] = { "GETLASTRWSTATUS", reply = "status", asks_status = true },
  [0x3C] = { "DRIVE_NRST", reply = "status" }, [0x3E] = { "GETLASTRWSTATUS2", reply = "status", asks_status = true },
  [0x40] = { "START_TRACE_RX", reply = "status" }, [0x41] = { "STOP_TRACE_RX", reply = "status" },
  [0x42] = { "GET_TRACE_NB", reply = "data" },
  [0x43] = { "SWD_SET_FREQ", reply = "status" }, [0x44] = { "JTAG_SET_FREQ", reply = "status" },
  [0x45] = { "READ_DAP_REG", args = "dap", reply = "value" },
  [0x46] = { "WRITE_DAP_REG", args = "dap", reply = "status" },
  [0x47] = memory("READMEM16"), [0x48] = memory("WRITEMEM16", true),
  [0x49] = { "BLINK_LED", reply = "status" }, [0x4A] = { "GET_DISK_NAME", reply = "data" },
  [0x4B] = { "INIT_AP", reply = "status" }, [0x4C] = { "CLOSE_AP_DBG", reply = "status" },
  [0x50] = memory("WRITEMEM32_NO_INCREMENT", true), [0x51] = { "RW_MISC_OUT", out = true },
  [0x52] = { "RW_MISC_IN", reply = "data" }, [0x53] = { "RW_MISC_GET_MAX", reply = "data" },
  [0x54] = memory("READMEM32_NO_INCREMENT"), [0x55] = { "WRITE_DFTREG", reply = "status" },
  [0x56] = { "GET_BOARD_IDENTIFIERS", reply = "status" },
  [0x61] = { "SET_COM_FREQ", reply = "value" }, [0x62] = { "GET_COM_FREQ", reply = "value" },
  [0x63] = { "SWITCH_STLINK_FREQ", reply = "status" },
}

local groups = { [0xF2] = debug, [0xF3] = dfu, [0xF4] = swim }

local function lookup(class, sub)
  if groups[class] then
    return groups[class][sub] or { string.format("unknown %02X %02X", class, sub), reply = "data" }
  end
  return top[class] or { string.format("unknown %02X", class), reply = "data" }
end

local function is_command(buffer)
  if buffer:len() ~= 16 then return false end
  local class = buffer(0, 1):uint()
  if class == 0xF2 or class == 0xF3 or class == 0xF4 then return true end
  return top[class] ~= nil
end

-- What each frame is, found on the first pass in capture order: {role, command, frame number of the command}.
local frames = {}
local pending = {}

function stlink.init()
  frames = {}
  pending = {}
end

local function device_of(pinfo)
  return (tostring(pinfo.src) .. tostring(pinfo.dst)):gsub("host", ""):gsub("%.%d+$", "")
end

-- A host may submit a memory command and the question for its status at once: the replies come in the same order. Any
-- other command ends the wait for what was never answered.
local function classify(buffer, pinfo)
  local device = device_of(pinfo)
  local out = tostring(pinfo.src) == "host"
  local state = pending[device] or { waiting = {} }
  pending[device] = state
  if out and state.data then
    local open = state.data
    state.data = nil
    return { role = "data", command = open.command, frame = open.frame }
  end
  if out then
    if not is_command(buffer) then return nil end
    local command = lookup(buffer(0, 1):uint(), buffer(1, 1):uint())
    local open = { command = command, frame = pinfo.number }
    if not command.asks_status then state.waiting = {} end
    if command.out then state.data = open end
    if command.reply then table.insert(state.waiting, open) end
    return { role = "command", command = command, frame = pinfo.number }
  end
  local open = table.remove(state.waiting, 1)
  if not open then return nil end
  return { role = "reply", command = open.command, frame = open.frame }
end

local arguments = {
  memory = function(buffer, tree)
    tree:add_le(field.address, buffer(2, 4))
    tree:add_le(field.length, buffer(6, 2))
    return string.format(" 0x%08X, %d bytes", buffer(2, 4):le_uint(), buffer(6, 2):le_uint())
  end,
  peek = function(buffer, tree)
    tree:add_le(field.address, buffer(2, 4))
    return string.format(" 0x%08X", buffer(2, 4):le_uint())
  end,
  poke = function(buffer, tree)
    tree:add_le(field.address, buffer(2, 4))
    tree:add_le(field.value, buffer(6, 4))
    return string.format(" 0x%08X <- 0x%08X", buffer(2, 4):le_uint(), buffer(6, 4):le_uint())
  end,
  register8 = function(buffer, tree)
    tree:add_le(field.register, buffer(2, 1))
    tree:add_le(field.value, buffer(3, 4))
    return string.format(" %d", buffer(2, 1):uint())
  end,
  dap = function(buffer, tree)
    tree:add_le(field.port, buffer(2, 2))
    tree:add_le(field.register, buffer(4, 2))
    tree:add_le(field.value, buffer(6, 4))
    local port = buffer(2, 2):le_uint()
    return string.format(" %s 0x%X", port == 0xFFFF and "DP" or "AP" .. port, buffer(4, 2):le_uint())
  end,
}

local function add_status(buffer, tree)
  local code = buffer(0, 1):uint()
  local name = statuses[code] or "unknown status"
  tree:add(field.status, buffer(0, 1))
  tree:add(field.status_name, buffer(0, 1), name)
  if code ~= 0x80 and code ~= 0x40 then tree:add_proto_expert_info(failed) end
  return string.format(" %s", code == 0x80 and "ok" or string.format("0x%02X %s", code, name))
end

local replies = {
  status = function(buffer, tree) return buffer:len() >= 2 and add_status(buffer, tree) or "" end,
  value = function(buffer, tree)
    if buffer:len() < 2 then return "" end
    local text = add_status(buffer, tree)
    if buffer:len() >= 8 and buffer(0, 1):uint() == 0x80 then
      tree:add_le(field.value, buffer(4, 4))
      text = text .. string.format(" 0x%08X", buffer(4, 4):le_uint())
    end
    return text
  end,
  version = function(buffer, tree)
    if buffer:len() < 6 then return "" end
    local word = buffer(0, 2):uint()
    local text = string.format("V%dJ%dS%d", bit.rshift(word, 12), bit.band(bit.rshift(word, 6), 63), bit.band(word, 63))
    tree:add(field.version, buffer(0, 2), text)
    return " " .. text
  end,
  voltage = function(buffer, tree)
    if buffer:len() < 8 or buffer(0, 4):le_uint() == 0 then return "" end
    local millivolts = math.floor(2400 * buffer(4, 4):le_uint() / buffer(0, 4):le_uint())
    tree:add(field.millivolts, buffer(0, 8), millivolts)
    return string.format(" %d mV", millivolts)
  end,
  data = function(buffer, tree)
    tree:add(field.data, buffer())
    return string.format(" %d bytes", buffer:len())
  end,
}

local function dissect(buffer, pinfo, tree)
  if not pinfo.visited then frames[pinfo.number] = classify(buffer, pinfo) end
  local frame = frames[pinfo.number]
  if not frame then return false end

  local name = frame.command[1]
  local branch = tree:add(stlink, buffer(), "ST-LINK " .. name)
  branch:add(field.command, name):set_generated()
  local text
  if frame.role == "command" then
    local show = arguments[frame.command.args]
    text = name .. (show and show(buffer, branch) or "")
    if not show then branch:add(field.argument, buffer(1, 15)) end
  else
    branch:add(field.request_frame, frame.frame):set_generated()
    local show = frame.role == "reply" and frame.command.reply and replies[frame.command.reply] or replies.data
    text = name .. (frame.role == "data" and " data" or " =") .. show(buffer, branch)
  end
  pinfo.cols.protocol = "ST-LINK"
  pinfo.cols.info = text
  return true
end

function stlink.dissector(buffer, pinfo, tree) dissect(buffer, pinfo, tree) end

stlink:register_heuristic("usb.bulk", dissect)

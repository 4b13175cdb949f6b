-- Requests for wrk (tools/bench): load.lua PLAN. The plan is a file of lines, made by tools/bench: head
-- lines `name: value`, an empty line, then `METHOD PATH [BODY]` lines, which are sent in turn from a random
-- place on. Each POST gets an Idempotency-Key of its own. Prints one line of figures for tools/bench.
local head, method, path, body, n, at, key = {}, {}, {}, {}, 0, 0, ""
local sent = 0

function init(args)
  local in_head = true
  for line in io.lines(args[1]) do
    if in_head and line == "" then
      in_head = false
    elseif in_head then
      local name, value = line:match("^([^:]+): (.*)$")
      head[name] = value
    else
      n = n + 1
      method[n], path[n], body[n] = line:match("^(%u+) (%S+) ?(.*)$")
    end
  end
  math.randomseed(os.time() + tonumber(tostring({}):match("0x(%x+)"), 16) % 1000003)
  at = math.random(0, n - 1)
  key = string.format("bench-%08x%08x-", math.random(0, 0x7fffffff), math.random(0, 0x7fffffff))
end

function request()
  at, sent = at % n + 1, sent + 1
  if method[at] == "POST" then
    head["Idempotency-Key"] = key .. sent
    return wrk.format("POST", path[at], head, body[at])
  end
  return wrk.format(method[at], path[at], head)
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("FIGURES %.1f %.3f %.3f %d %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout))
end

-- wrk: sends the bodies of a file in turn (POST), or GET without one, and says what came of it as JSON.
-- arguments: the key, then the file
local bodies, at = {}, 0

function init(arguments)
  wrk.headers["Authorization"] = "Bearer " .. arguments[1]
  if arguments[2] then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    for line in io.lines(arguments[2]) do bodies[#bodies + 1] = line end
  end
end

function request()
  if #bodies == 0 then return wrk.format() end
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end

function done(summary, latency, _)
  local wrong = summary.errors
  io.write(string.format(
    '\n{"requests_a_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    wrong.status + wrong.connect + wrong.read + wrong.write + wrong.timeout))
end

-- Completes tasks FIRST to LAST of those that bench/store.c made, each once, and then stops.
--   wrk … -s complete.lua URL -- FIRST LAST THREADS
dofile("report.lua")

local threads = {}

function setup(thread)
   thread:set("index", #threads)
   table.insert(threads, thread)
end

function init(args)
   local placeholder = string.rep("0", 32)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.body = '{"task_id":"' .. placeholder .. '"}'
   local whole = wrk.format()
   local from, to = whole:find(placeholder, 1, true)
   head, tail = whole:sub(1, from - 1), whole:sub(to + 1)
   number, last, step = tonumber(args[1]) + index, tonumber(args[2]), tonumber(args[3])
end

function request()
   local id = string.format("0190000000007000%016x", math.min(number, last))
   if number > last then
      wrk.thread:stop()
   end
   number = number + step
   return head .. id .. tail
end

-- Says also which task comes after all that were sent.
function done(summary, latency)
   local next_task = 0
   for _, thread in ipairs(threads) do
      next_task = math.max(next_task, thread:get("number"))
   end
   report(summary, latency, string.format(',"next":%d', next_task))
end

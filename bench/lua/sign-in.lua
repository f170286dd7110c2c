-- Wrong passwords.  wrk … -s sign-in.lua URL -- one|many
--   one: the same account from the same address; it is soon locked.
--   many: another account from another address each time, so that passwords are really hashed.
dofile("report.lua")

local threads = 0

function setup(thread)
   thread:set("seed", threads)
   threads = threads + 1
end

function init(args)
   many = args[1] == "many"
   math.randomseed(os.time() * 16 + seed)
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
end

function request()
   local who = "eve"
   if many then
      who = string.format("eve%d", math.random(1e9))
      wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(0, 255),
         math.random(0, 255), math.random(1, 254))
   end
   return wrk.format(nil, nil, nil,
      '{"email":"' .. who .. '@example.com","password":"not the password"}')
end

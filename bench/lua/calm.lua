-- Each connection asks, and waits 20 ms before it asks again: people, not a flood.
dofile("report.lua")

function delay()
   return 20
end

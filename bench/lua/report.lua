-- Prints what wrk counted as one line of JSON, and a script's own numbers after it. The other
-- scripts load this one first.
function report(summary, latency, own)
   local e = summary.errors
   io.write(string.format(
      '\n{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50":%.4f,"p99":%.4f%s}\n',
      summary.requests, summary.duration / 1e6, e.status,
      e.connect + e.read + e.write + e.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000, own or ""))
end

function done(summary, latency)
   report(summary, latency)
end

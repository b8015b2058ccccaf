package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Performs a step as a script, which returns four numbers, so that no key name leaves the server. The script repeats
 * small SCAN calls until the count, the segment or the time is used up. The server itself limits the time of a step
 * this way, whatever its keys cost. Only the last call, a fifth of the count, can exceed the limit.
 */
record ScriptStep() implements ReclaimMethod {

    /**
     * The script. Its arguments are the cursor, the count, the COUNT of one call, the time limit in µs, the modulus and
     * the width of segments, and the latest start in µs of the server's wall clock, 0 for none.
     *
     * <p>It measures the CPU time of the server process if scripts may use os.clock (Redis 7.2 and 8, Valkey).
     * Otherwise it uses TIME, which those newer servers freeze while a script runs.
     *
     * <p>Numbers in scripts are doubles, which represent integers up to 2^53 exactly. Cursors of a table are below
     * that; for servers whose cursors might not be, there is only one segment, and the script does not calculate with
     * cursors.
     */
    private static final String SCRIPT = """
            local os = rawget(_G, 'os')
            local function now()
              if os and os.clock then return math.floor(os.clock() * 1000000) end
              local time = redis.pcall('TIME')
              return time.err and 0 or time[1] % 100000 * 1000000 + time[2]
            end
            if ARGV[7] ~= '0' then
              local at = redis.pcall('TIME')
              if not at.err and at[1] * 1000000 + at[2] > tonumber(ARGV[7]) then return {'late', 0, 0, 0} end
            end
            local began = now()
            local cursor, left, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
            local stop, modulus, width = began + ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
            local function segment_of(at)
              return modulus > width and math.floor(tonumber(at) % modulus / width) or 0
            end
            local segment = segment_of(cursor)
            local before, live, ended = redis.call('DBSIZE'), 0, began
            repeat
              local page = redis.call('SCAN', cursor, 'COUNT', math.min(count, left))
              cursor = page[1]
              live = live + #page[2]
              left = left - count
              ended = now()
            until left <= 0 or ended >= stop or cursor == '0' or segment_of(cursor) ~= segment
            return {cursor, live, before - redis.call('DBSIZE'), ended - began}
            """;

    /** Number of calls per step. Each costs some µs more, and the last one may exceed the limit. */
    private static final int CALLS_PER_STEP = 5;

    private static final int MIN_CALL_COUNT = 10;

    /** Returned in place of the cursor by a script that started too late. */
    private static final String LATE = "late";

    @Override
    public String label() {
        return "script";
    }

    @Override
    public boolean atomic() {
        return true;
    }

    @Override
    public List<String> permissions() {
        return List.of("eval", "scan", "dbsize", "time");
    }

    @Override
    public List<Command> commands(StepRequest request) {
        return eval(
                Long.toUnsignedString(request.cursor()),
                request.count(),
                Math.max(MIN_CALL_COUNT, Math.ceilDiv(request.count(), CALLS_PER_STEP)),
                request.limit().toNanos() / 1_000,
                request.segmentation().modulus(),
                request.segmentation().width(),
                request.notAfterMicros());
    }

    @Override
    public List<Command> probe() {
        return eval("probe", 1, 1, 0, 1, 1, 0);
    }

    // EVAL instead of EVALSHA needs one permission less, and works after SCRIPT FLUSH.
    private static List<Command> eval(String cursor, long... numbers) {
        List<String> words = new ArrayList<>(List.of("EVAL", SCRIPT, "0", cursor));
        for (long number : numbers) {
            words.add(Long.toString(number));
        }
        return List.of(new Command(words));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> values = replies.getFirst().items(4);
        if (values.getFirst().text().equals(LATE)) {
            return StepOutcome.LATE;
        }
        long cursor = Long.parseUnsignedLong(values.get(0).text());
        long reclaimed = values.get(2).number();
        long micros = values.get(3).number();
        return new StepOutcome(
                cursor,
                values.get(1).number() + reclaimed,
                reclaimed,
                micros > 0 ? Duration.ofNanos(micros * 1_000) : null);
    }
}

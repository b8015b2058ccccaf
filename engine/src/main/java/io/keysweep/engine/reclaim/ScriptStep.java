package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A step as a script: four numbers come back and no key name leaves the server. It goes on in small SCAN calls until the
 * count, the segment or the time is used up. So the server itself keeps the time of a step, whatever the keys in it
 * cost; only the last call, a fifth of the count, can go over it.
 */
record ScriptStep() implements ReclaimMethod {

    /**
     * The time is the server's own: the CPU time of its process where scripts may ask for it (os.clock: Redis 7.2 or 8,
     * Valkey), else its wall clock (TIME), which those same servers freeze while a script runs. Arguments: cursor, count,
     * COUNT of one call, limit in µs, modulus and width of segments, and the moment in µs by the server's wall clock after
     * which the script is to do nothing, 0 for none. A cursor of a table is below 2^53, so that numbers
     * of scripts, which are doubles, hold it; where it might not be, there is one segment and no arithmetic.
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

    /** Calls in a step: each costs some µs more, and the last may go over the limit. */
    private static final int CALLS = 5;

    private static final int SMALLEST_CALL = 10;

    /** Stands where else the cursor does. */
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
    public List<Command> commands(StepRequest order) {
        return eval(
                Long.toUnsignedString(order.cursor()),
                order.count(),
                Math.max(SMALLEST_CALL, Math.ceilDiv(order.count(), CALLS)),
                order.limit().toNanos() / 1_000,
                order.segmentation().modulus(),
                order.segmentation().width(),
                order.notAfterMicros());
    }

    @Override
    public List<Command> probe() {
        return eval("probe", 1, 1, 0, 1, 1, 0);
    }

    // EVAL rather than EVALSHA: it needs one permission less, and survives SCRIPT FLUSH.
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

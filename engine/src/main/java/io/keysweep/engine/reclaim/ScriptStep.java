package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.List;

/** A step as a script: four numbers come back and no key name leaves the server. */
record ScriptStep() implements ReclaimMethod {

    /**
     * Busy time is the server's own: the CPU time of its process where scripts may ask for it (os.clock: Redis 7.2 or 8,
     * Valkey), else its wall clock (TIME), which those same servers freeze while a script runs.
     */
    private static final String SCRIPT = """
            local os = rawget(_G, 'os')
            local function now()
              if os and os.clock then return math.floor(os.clock() * 1000000) end
              local time = redis.pcall('TIME')
              return time.err and 0 or time[1] % 100000 * 1000000 + time[2]
            end
            local began = now()
            local before = redis.call('DBSIZE')
            local page = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
            local reclaimed = before - redis.call('DBSIZE')
            return {page[1], #page[2], reclaimed, now() - began}
            """;

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
    public List<Command> commands(long cursor, int count) {
        return eval(Long.toUnsignedString(cursor), count);
    }

    @Override
    public List<Command> probe() {
        return eval("probe", 1);
    }

    // EVAL rather than EVALSHA: it needs one permission less, and survives SCRIPT FLUSH.
    private static List<Command> eval(String cursor, int count) {
        return List.of(Command.of("EVAL", SCRIPT, "0", cursor, Integer.toString(count)));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> values = replies.getFirst().items(4);
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

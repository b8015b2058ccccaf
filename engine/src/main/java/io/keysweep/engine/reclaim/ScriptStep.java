package io.keysweep.engine.reclaim;

import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Performs a step as a Lua script on the server, so that no key name leaves the server and the step has a time limit.
 *
 * <p>A step visits about as many keys as requested, and the server removes the expired ones. The script repeats small
 * SCAN calls until that number of keys is visited, the segment (a slice of the database) ends, or the time is used up.
 * So the step keeps the time limit even if keys are slow to free. Only the last call can exceed it; a call visits a
 * fifth of the requested number of keys, but at least 10.
 *
 * <p>The script returns these values:
 *
 * <ol>
 *   <li>the next cursor. A script that starts too late, or outside its turn, visits nothing, and returns {@code late}
 *       or {@code missed} here
 *   <li>the number of live keys
 *   <li>the number of reclaimed keys
 *   <li>the time that it took, in µs
 *   <li>only if it has a turn (the interval in which it may start, see {@link StepTurn}): when it started by the
 *       server's clock, in µs since 1970; 0 if it has not read that clock
 * </ol>
 */
record ScriptStep() implements ReclaimMethod {

    /**
     * The script. Its arguments are:
     *
     * <ol>
     * <li>the cursor
     * <li>the number of keys to visit
     * <li>the COUNT of one SCAN call
     * <li>the time limit in µs
     * <li>the modulus of segments, see {@link io.keysweep.engine.plan.Segmentation}
     * <li>the width of segments
     * <li>the latest start by the server's clock, µs since 1970; 0 for any time
     * <li>the beginning of the turn, see {@link StepTurn}; ignored if the end is 0
     * <li>the end of the turn; 0 for any time
     * </ol>
     *
     * <p>The script measures the CPU time of the server process if scripts may use os.clock (Redis 7.2 and 8, Valkey).
     * Otherwise it uses TIME. The servers with os.clock do not advance TIME while a script runs, so TIME could not
     * measure the script there. If the user must not run TIME either, the time limit has no effect and the returned
     * time is 0.
     *
     * <p>Only differences of {@code now()} are used, so its seconds may start again at 0 every 100,000 s.
     *
     * <p>Numbers in Lua are doubles, which represent integers up to 2^53 exactly. Cursors of servers that Keysweep
     * knows are smaller. Servers with other cursors have only one segment, for which the script does not calculate with
     * cursors.
     */
    private static final String SCRIPT = """
            local os = rawget(_G, 'os')
            local function now()
              if os and os.clock then return math.floor(os.clock() * 1000000) end
              local time = redis.pcall('TIME')
              return time.err and 0 or time[1] % 100000 * 1000000 + time[2]
            end
            local start = 0
            if ARGV[7] ~= '0' then
              local time = redis.pcall('TIME')
              if not time.err then start = time[1] * 1000000 + time[2] end
              if start > tonumber(ARGV[7]) then return {'late', 0, 0, 0, start} end
              if start > 0 and ARGV[9] ~= '0' and (start < tonumber(ARGV[8]) or start > tonumber(ARGV[9])) then
                return {'missed', 0, 0, 0, start}
              end
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
            return {cursor, live, before - redis.call('DBSIZE'), ended - began, ARGV[9] ~= '0' and start or nil}
            """;

    /**
     * The number of SCAN calls per step. Each call costs a few µs; with fewer calls, the last call could exceed the
     * time limit by more.
     */
    private static final int CALLS_PER_STEP = 5;

    /**
     * The smallest COUNT of one SCAN call. With fewer keys, the fixed cost of a call would exceed the cost of its keys.
     */
    private static final int MIN_CALL_COUNT = 10;

    /** The text that the script returns instead of the cursor if it started too late. */
    private static final String LATE = "late";

    /** The text that the script returns instead of the cursor if it started outside its turn. */
    private static final String MISSED = "missed";

    // The indexes of the values in the reply.
    private static final int NEXT_CURSOR = 0;
    private static final int LIVE = 1;
    private static final int RECLAIMED = 2;
    private static final int MICROS = 3;
    private static final int START = 4;

    /** The number of values that a reply must have; the start is optional. */
    private static final int MIN_VALUES = 4;

    @Override
    public String label() {
        return "script";
    }

    @Override
    public boolean atomic() {
        return true;
    }

    @Override
    public boolean checksServerClock() {
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
                request.timeLimit().toNanos() / 1_000,
                request.segmentation().modulus(),
                request.segmentation().width(),
                request.notAfterMicros(),
                request.turn().notBeforeMicros(),
                request.turn().notAfterMicros());
    }

    @Override
    public boolean countsLiveKeys() {
        return true;
    }

    @Override
    public Command dbSizeInStep() {
        return Command.of("EVAL", "return redis.call('DBSIZE')", "0");
    }

    @Override
    public List<Command> probe() {
        // The first SCAN of the script rejects this cursor, which is not a number. If modulus and width are equal, the
        // function segment_of() returns 0 without calculating with the cursor.
        long anyNumber = 1;
        long noTime = 0;
        long anyStart = 0;
        return eval("probe", anyNumber, anyNumber, noTime, anyNumber, anyNumber, anyStart, anyStart, anyStart);
    }

    /**
     * Creates the call of the script, with the numbers in the order of its arguments. EVAL instead of EVALSHA needs one
     * permission less, and works after SCRIPT FLUSH.
     */
    private static List<Command> eval(String cursor, long... numbers) {
        List<String> words = new ArrayList<>(List.of("EVAL", SCRIPT, "0", cursor));
        for (long number : numbers) {
            words.add(Long.toString(number));
        }
        return List.of(new Command(words));
    }

    @Override
    public StepOutcome outcome(List<Reply> replies, int count) {
        List<Reply> values = replies.getFirst().items(MIN_VALUES);
        long startedAtMicros = values.size() > START ? values.get(START).number() : 0;
        switch (values.get(NEXT_CURSOR).text()) {
            case LATE -> {
                return StepOutcome.refused(StepOutcome.Refusal.LEASE_EXPIRED, startedAtMicros);
            }
            case MISSED -> {
                return StepOutcome.refused(StepOutcome.Refusal.TURN_MISSED, startedAtMicros);
            }
            default -> {
                // The text is a cursor.
            }
        }
        long cursor = values.get(NEXT_CURSOR).unsigned();
        long reclaimedKeys = values.get(RECLAIMED).number();
        long micros = values.get(MICROS).number();
        return new StepOutcome(
                cursor,
                values.get(LIVE).number() + reclaimedKeys,
                reclaimedKeys,
                // 0 means that the script cannot read a clock.
                micros > 0 ? Duration.ofNanos(micros * 1_000) : null,
                startedAtMicros,
                /* refusal= */ null);
    }
}

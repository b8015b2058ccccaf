package io.keysweep.engine.estimate;

import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.engine.link.Command;
import io.keysweep.engine.link.Exchange;
import io.keysweep.engine.link.NodeLink;
import io.keysweep.engine.link.Reply;
import io.keysweep.engine.reclaim.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Scans and reads keys in a script on the server, so that only sums and no key names leave the server.
 *
 * <p>Prefixes of names do leave the server if they were requested. Reading keys does not change the number of dead keys
 * in the estimate, because the script reads only keys that SCAN has just returned. These keys are alive: on a primary,
 * SCAN has removed the dead ones; on a replica, it has left them out. A key that expires between SCAN and PTTL is not
 * counted. Not thread-safe.
 */
final class ScriptKeyReader extends TallyingKeyReader {

    /**
     * The script, which adds up the properties of keys in <i>cells</i>. The text of a cell is a letter followed by a
     * name, see {@link PictureCell}. The arguments of the script are:
     *
     * <ol>
     * <li>the cursor
     * <li>the number of keys to visit
     * <li>the COUNT of one SCAN call
     * <li>the time limit in µs; only the keys of the last call can exceed it
     * <li>the time since the beginning of the first period of the forecast, ms
     * <li>the length of a period, ms
     * <li>the number of periods
     * <li>the time within which keys die soon, ms
     * <li>the distance n of measured keys: the script reads type and size of the 1st, (n + 1)th, (2n + 1)th … key
     * <li>the number of keys that earlier calls have read
     * <li>the number of elements that the server samples for a size
     * <li>the upper limits of the classes of sizes, separated by spaces
     * <li>the separator of prefixes; empty for no prefixes
     * <li>the number of parts that make a prefix
     * </ol>
     *
     * <p>Its reply begins with nine values:
     *
     * <ol>
     * <li>the next cursor
     * <li>the number of live keys
     * <li>the number of keys that the scan has removed
     * <li>the time taken in µs
     * <li>the number of read keys
     * <li>the number of measured keys
     * <li>the number of unread keys
     * <li>the first error of PTTL; empty if there was none
     * <li>the first error of TYPE or MEMORY; empty if there was none
     * </ol>
     *
     * <p>The cells follow, each with its name and its amount.
     *
     * <p>The list {@code ttls} repeats the limits of {@link io.keysweep.engine.insight.RemainingTtl} in ms. The
     * number in the name of a cell {@code t} is the position in that enum, so {@code t9} is {@code NONE}. The
     * function {@code now()} is the same as in the script of {@link io.keysweep.engine.reclaim.ScriptStep}.
     */
    private static final String SCRIPT = """
        local os = rawget(_G, 'os')
        local function now()
          if os and os.clock then return math.floor(os.clock() * 1000000) end
          local time = redis.pcall('TIME')
          return time.err and 0 or time[1] % 100000 * 1000000 + time[2]
        end
        local began = now()
        local cursor, left, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
        local stop, ended = began + ARGV[4], began
        local offset, step, steps, soon =
          tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
        local every, earlier, samples = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11]
        local ttls = {60000, 600000, 3600000, 21600000, 86400000, 604800000, 2592000000}
        local sizes = {}
        for limit in string.gmatch(ARGV[12], '%d+') do sizes[#sizes + 1] = tonumber(limit) end
        local separator, depth = ARGV[13], tonumber(ARGV[14])
        local cells, read, measured, unread, refusal, measureRefusal = {}, 0, 0, 0, '', ''
        local function add(cell, amount) cells[cell] = (cells[cell] or 0) + amount end
        local function class(limits, value)
          local i = 1
          while limits[i] and value >= limits[i] do i = i + 1 end
          return i
        end
        local function prefix(key)
          local at, last = 1, 0
          for _ = 1, depth do
            local _, to = string.find(key, separator, at, true)
            if not to then break end
            last, at = to, to + 1
          end
          return string.sub(key, 1, math.min(last, 100))
        end
        local function measure(key, ttl, at)
          local kind = redis.pcall('TYPE', key)
          local bytes = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', samples)
          if type(bytes) == 'table' then measureRefusal = bytes.err or 'no size' return end
          if kind.err then measureRefusal = kind.err return end
          if not bytes or kind.ok == 'none' then return end
          measured = measured + 1
          add('y' .. kind.ok, 1)
          add('b' .. class(sizes, bytes) - 1, 1)
          add('mall', bytes)
          if ttl >= 0 then add('mvolatile', bytes) end
          if at < steps then
            add('p' .. at, 1)
            add('q' .. at, bytes)
          end
        end
        local function readKey(key)
          if refusal ~= '' then unread = unread + 1 return end
          local ttl = redis.pcall('PTTL', key)
          if type(ttl) ~= 'number' then
            refusal, unread = ttl.err or 'no TTL', unread + 1
            return
          end
          if ttl == -2 then return end
          read = read + 1
          add('aliving', 1)
          local at = steps
          if ttl < 0 then
            add('t9', 1)
          else
            add('t' .. class(ttls, ttl), 1)
            add('avolatile', 1)
            at = math.floor((offset + ttl) / step)
            if at < steps then
              add('s' .. at, 1)
              add('adying', 1)
            end
          end
          if separator ~= '' then
            local start = prefix(key)
            add((ttl < 0 and 'n' or 'v') .. start, 1)
            if ttl >= 0 and ttl < soon then add('d' .. start, 1) end
          end
          if measureRefusal == '' and (earlier + read) % every == 1 then measure(key, ttl, at) end
        end
        local before, live = redis.call('DBSIZE'), 0
        repeat
          local page = redis.call('SCAN', cursor, 'COUNT', math.min(count, left))
          cursor = page[1]
          live = live + #page[2]
          for _, key in ipairs(page[2]) do readKey(key) end
          left = left - count
          ended = now()
        until left <= 0 or ended >= stop or cursor == '0'
        local reply = {cursor, live, before - redis.call('DBSIZE'), ended - began, read, measured, unread,
          refusal, measureRefusal}
        for cell, amount in pairs(cells) do
          reply[#reply + 1] = cell
          reply[#reply + 1] = amount
        end
        return reply
        """;

    /** The COUNT of one SCAN call. It is small, since the time limit is checked between the calls. */
    private static final int CALL_COUNT = 50;

    // The indexes of the values in a reply.
    private static final int NEXT_CURSOR = 0;
    private static final int LIVING = 1;
    private static final int REMOVED = 2;
    private static final int READ = 4;
    private static final int MEASURED = 5;
    private static final int UNREAD = 6;
    private static final int PTTL_ERROR = 7;
    private static final int MEASURE_ERROR = 8;

    /** The number of values in a reply before the cells. */
    private static final int FIXED_VALUES = 9;

    /** The upper limits of the classes of sizes in bytes, as the script takes them. */
    private static final String SIZE_LIMITS =
            KeyPicture.sizeLimits().stream().map(String::valueOf).collect(Collectors.joining(" "));

    private final NodeLink link;
    private final ReadingPlan plan;
    private final Duration timeLimit;
    private final LoadPause pause;

    /**
     * Creates a reader.
     *
     * @param timeLimit how long a step may keep the server busy
     * @param pause waits after each call
     */
    ScriptKeyReader(NodeLink link, ReadingPlan plan, Duration timeLimit, LoadPause pause) {
        this.link = link;
        this.plan = plan;
        this.timeLimit = timeLimit;
        this.pause = pause;
    }

    @Override
    public StepOutcome scan(long cursor, int count) throws InterruptedException {
        Exchange exchange = link.call(List.of(command(cursor, count)));
        List<Reply> values = exchange.replies().getFirst().items(FIXED_VALUES);
        long living = values.get(LIVING).number();
        long reclaimedKeys = values.get(REMOVED).number();
        StepOutcome outcome = new StepOutcome(
                values.get(NEXT_CURSOR).unsigned(), living + reclaimedKeys, reclaimedKeys, /* busy= */ null);
        addToTally(values);
        pause.pauseAfter(exchange.roundTrip());
        return outcome;
    }

    /** Adds the sums in a reply of the script to the tally. */
    private void addToTally(List<Reply> values) {
        long keysRead = values.get(READ).number();
        long keysMeasured = values.get(MEASURED).number();
        long keysUnread = values.get(UNREAD).number();
        addReadKeys(keysRead);
        tally().count(keysRead, keysMeasured, keysUnread);
        recordRefusal(values.get(PTTL_ERROR).text());
        recordMeasureRefusal(values.get(MEASURE_ERROR).text());
        for (int i = FIXED_VALUES; i + 1 < values.size(); i += 2) {
            double amount = values.get(i + 1).number();
            tally().add(PictureCell.parse(values.get(i).text()), amount);
        }
    }

    private Command command(long cursor, int count) {
        PrefixRequest prefixes = plan.request().prefixes();
        List<String> words = new ArrayList<>(List.of("EVAL", SCRIPT, "0", Long.toUnsignedString(cursor)));
        words.add(Integer.toString(count));
        words.add(Integer.toString(CALL_COUNT));
        words.add(Long.toString(timeLimit.toNanos() / 1_000));
        words.add(Long.toString(plan.millisSinceBegin()));
        words.add(Long.toString(plan.request().step().toMillis()));
        words.add(Integer.toString(plan.request().steps()));
        words.add(Long.toString(ReadingPlan.SOON.toMillis()));
        words.add(Integer.toString(ReadingPlan.MEASURE_EVERY));
        words.add(Long.toString(readKeys()));
        words.add(Integer.toString(ReadingPlan.SIZE_SAMPLES));
        words.add(SIZE_LIMITS);
        words.add(prefixes == null ? "" : prefixes.separator());
        words.add(prefixes == null ? "1" : Integer.toString(prefixes.depth()));
        return new Command(words);
    }

    @Override
    public boolean namesLeave() {
        return false;
    }
}

package io.keysweep.benchmarks.comparison;

import java.util.List;
import java.util.Objects;

/**
 * Scans all keys in one script, which blocks the server until the script ends.
 *
 * <p>This contender shows the cost of SCAN alone, because no client or network takes time. No other contender that
 * scans can be much faster, so its name is {@code limit}.
 */
record BlockingScan() implements Contender {

    private static final String SCRIPT = """
            local before = redis.call('DBSIZE')
            local cursor, names = '0', 0
            repeat
              local page = redis.call('SCAN', cursor, 'COUNT', 1000)
              cursor = page[1]
              names = names + #page[2]
            until cursor == '0'
            local reclaimed = before - redis.call('DBSIZE')
            return {names + reclaimed, reclaimed}
            """;

    @Override
    public String name() {
        return "limit";
    }

    @Override
    public String description() {
        return "one blocking EVAL that scans all keys with SCAN COUNT 1000";
    }

    @Override
    public Coverage coverage() {
        return Coverage.WHOLE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) {
        List<?> counts = (List<?>) Objects.requireNonNull(server.client().call("EVAL", SCRIPT, "0"));
        return new Run((Long) counts.get(0), (Long) counts.get(1));
    }
}

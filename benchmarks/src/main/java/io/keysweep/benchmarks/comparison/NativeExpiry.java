package io.keysweep.benchmarks.comparison;

import java.time.Duration;

/**
 * Lets the server's own active expiry reclaim the expired keys, until none is left or the time is over.
 *
 * <p>Active expiry is the cycle in which a server samples keys with a TTL and removes the expired ones. It is off in
 * all other turns.
 *
 * @param effort the server's setting {@code active-expire-effort}, 1 (default) to 10 (most CPU time)
 * @param atMost the time limit
 */
record NativeExpiry(int effort, Duration atMost) implements Contender {

    /** The time between two readings of DBSIZE, which cost the server next to nothing. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    @Override
    public String name() {
        return "native " + effort;
    }

    @Override
    public String description() {
        return "the server's active expiry, effort " + effort + ", for at most " + atMost.toMillis() / 1e3 + " s";
    }

    @Override
    public Coverage coverage() {
        return Coverage.UNTIL_CLEAN;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) throws InterruptedException {
        long start = System.nanoTime();
        server.client().call("CONFIG", "SET", "active-expire-effort", Integer.toString(effort));
        server.client().call("DEBUG", "SET-ACTIVE-EXPIRE", "1");
        try {
            while (server.keys() > server.size().persistent() && System.nanoTime() - start < atMost.toNanos()) {
                Thread.sleep(POLL_INTERVAL);
            }
        } finally {
            server.client().call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            server.client().call("CONFIG", "SET", "active-expire-effort", "1");
        }
        return new Run(/* visited= */ null, /* counted= */ null);
    }
}

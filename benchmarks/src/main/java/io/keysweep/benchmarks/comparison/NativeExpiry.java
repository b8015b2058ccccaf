package io.keysweep.benchmarks.comparison;

import java.time.Duration;

/**
 * The server's own active expiry, switched on until nothing is left or the time is over.
 *
 * @param effort {@code active-expire-effort}, 1 to 10
 * @param atMost how long it is given
 */
record NativeExpiry(int effort, Duration atMost) implements Contender {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    @Override
    public String name() {
        return "native " + effort;
    }

    @Override
    public String description() {
        return "the server's active expiry, effort " + effort + ", for " + atMost.toMillis() / 1e3 + " s at most";
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
                Thread.sleep(LOOK_EVERY);
            }
        } finally {
            server.client().call("DEBUG", "SET-ACTIVE-EXPIRE", "0");
            server.client().call("CONFIG", "SET", "active-expire-effort", "1");
        }
        return new Run(null, null);
    }
}

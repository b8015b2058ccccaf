package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RespClient;
import io.keysweep.testkit.RespClient.ScanPage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Scans with plain SCAN commands and a pause after each, as Huawei Cloud DCS documents its own expired-key scan.
 *
 * <p>SCAN makes the server remove the expired keys that it meets.
 *
 * @param count the COUNT of each SCAN
 * @param slice the time limit, or null to scan the whole key space
 */
record PacedScan(int count, @Nullable Duration slice) implements Contender {

    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Returns the name of the contender with the given COUNT, for example {@code dcs-way 1000}. */
    static String name(int count) {
        return "dcs-way " + count;
    }

    @Override
    public String name() {
        return name(count);
    }

    @Override
    public String description() {
        return "SCAN COUNT " + count + ", then a pause of 5 ms, one cursor, plain replies"
                + (slice == null ? "" : "; for " + slice.toMillis() / 1e3 + " s only");
    }

    @Override
    public Coverage coverage() {
        return slice == null ? Coverage.WHOLE : Coverage.TIME_SLICE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) throws InterruptedException {
        long start = System.nanoTime();
        long keysBefore = server.keys();
        long names = 0;
        try (RespClient client = server.connect()) {
            ScanPage page;
            String cursor = "0";
            do {
                page = client.scan(cursor, count);
                cursor = page.cursor();
                names += page.names();
                Thread.sleep(PAUSE);
            } while (!page.isLast() && (slice == null || System.nanoTime() - start < slice.toNanos()));
        }
        // SCAN returns the names of live keys only, so the reclaimed ones are added.
        return new Run(names + keysBefore - server.keys(), /* counted= */ null);
    }
}

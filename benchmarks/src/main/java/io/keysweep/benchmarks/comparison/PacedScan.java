package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.server.LeanScanner;
import io.keysweep.benchmarks.server.LeanScanner.Page;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A plain SCAN, then a rest, as the DCS service describes its own task.
 *
 * @param count COUNT of each call
 * @param slice ends after this time, or null to go through everything
 */
record PacedScan(int count, @Nullable Duration slice) implements Contender {

    private static final Duration REST = Duration.ofMillis(5);

    static String name(int count) {
        return "dcs-way " + count;
    }

    @Override
    public String name() {
        return name(count);
    }

    @Override
    public String description() {
        return "SCAN COUNT " + count + ", then a rest of 5 ms, one cursor, plain replies"
                + (slice == null ? "" : "; for " + slice.toMillis() / 1e3 + " s only");
    }

    @Override
    public Coverage coverage() {
        return slice == null ? Coverage.WHOLE : Coverage.TIME_SLICE;
    }

    @Override
    public Run run(PlantedServer server, ComparisonRound round) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long before = server.keys();
        long names = 0;
        try (LeanScanner scanner = LeanScanner.connect(server.port())) {
            Page page;
            String cursor = "0";
            do {
                page = scanner.scan(cursor, count);
                cursor = page.cursor();
                names += page.names();
                Thread.sleep(REST);
            } while (!page.last() && (slice == null || System.nanoTime() - start < slice.toNanos()));
        }
        return new Run(names + before - server.keys(), null);
    }
}

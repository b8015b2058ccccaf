package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.api.MemoryView;
import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TransferQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests which views a request gets that begins to watch while another one watches. */
class ScanFeedTest {

    private static final UUID SCAN = UUID.randomUUID();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Is released when a poll reads the scan, which then waits for the view that it gets from {@code views}. */
    private final Semaphore reads = new Semaphore(0);

    private final TransferQueue<ScanView> views = new LinkedTransferQueue<>();
    private final ScanFeed feed = new ScanFeed(ids -> List.of(read()), UnaryOperator.<Set<String>>identity());

    @AfterEach
    void stop() {
        views.add(view(0));
        feed.stop();
    }

    @Test
    void next_afterAPollThatBeganBeforeTheJoin_waitsForANewerOne() throws Exception {
        feed.start();
        long first = feed.join(SCAN, "AK1");
        reads.acquire();
        // The scan moves on after the poll has read it, and a second request reads the newer state.
        long second = feed.join(SCAN, "AK2");
        ScanView newer = view(200);
        views.transfer(view(100));
        assertThat(feed.next(SCAN, "AK1", first, null, PATIENCE)).isEqualTo(view(100));
        views.put(view(300));
        assertThat(feed.next(SCAN, "AK2", second, newer, PATIENCE)).isEqualTo(view(300));
    }

    private ScanView read() {
        reads.release();
        try {
            return views.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ScanView view(long visited) {
        Instant createdAt = Instant.parse("2026-11-24T10:00:00Z");
        return new ScanView(
                SCAN.toString(),
                "instance",
                "running",
                "running",
                "manual",
                visited,
                0,
                true,
                0,
                null,
                null,
                null,
                0,
                null,
                null,
                createdAt,
                createdAt,
                null,
                1,
                60,
                new PaceView(null, 1, 1, null, null, null),
                null,
                null,
                new MemoryView(null, null, null, null, null, null, null, null, null, null, null, null, null),
                List.of(),
                List.of(),
                List.of());
    }
}

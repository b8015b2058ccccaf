package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.server.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how scans change their states, and that each end is published once, on each database of the service. */
@ParameterizedClass
@ValueSource(strings = {"h2", "postgresql"})
class ScanTransitionsIT {

    private final String dialect;
    private ScanStores stores;
    private ScanStore scans;
    private ScanTransitions transitions;

    ScanTransitionsIT(String dialect) {
        this.dialect = dialect;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        stores = new ScanStores(TestDatabase.create(dialect, folder));
        scans = stores.scans();
        transitions = stores.transitions();
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void start_twice_keepsTheFirstTime() {
        Scan scan = stores.scan(ScanStores.NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), ScanStores.NOW.plusSeconds(1));
        transitions.start(scan.id(), scan.createdAt(), ScanStores.NOW.plusSeconds(9));

        assertThat(scans.find(scan.id()).orElseThrow().startedAt()).isEqualTo(ScanStores.NOW.plusSeconds(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCESS", "FAILED"})
    void finish_ofARunningScan_endsItOnce(ScanState end) {
        Scan scan = stores.scan(ScanStores.NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), ScanStores.NOW.plusSeconds(1));

        assertThat(transitions.finish(scan.id(), end, "why", ScanStores.NOW.plusSeconds(2)))
                .isTrue();
        assertThat(transitions.finish(scan.id(), ScanState.FAILED, "again", ScanStores.NOW.plusSeconds(3)))
                .isFalse();

        Scan endedScan = scans.find(scan.id()).orElseThrow();
        assertThat(endedScan.state()).isEqualTo(end);
        assertThat(endedScan.failure()).isEqualTo("why");
        assertThat(endedScan.startedAt()).isEqualTo(ScanStores.NOW.plusSeconds(1));
        assertThat(endedScan.finishedAt()).isEqualTo(ScanStores.NOW.plusSeconds(2));

        // The instance can have another scan.
        transitions.insert(stores.scan(ScanStores.NOW.plusSeconds(4)));
    }

    @Test
    void finish_ofAWaitingScanAsSuccess_isRefused() {
        Scan scan = stores.scan(ScanStores.NOW);
        transitions.insert(scan);

        assertThat(transitions.finish(scan.id(), ScanState.SUCCESS, /* failure= */ null, ScanStores.NOW))
                .isFalse();
        assertThat(scans.find(scan.id()).orElseThrow().state()).isEqualTo(ScanState.WAITING);
    }

    @Test
    void endWaiting_ofAnyScan_endsOnlyAWaitingOne() {
        // A waiting scan ends once.
        Scan waiting = stores.scan(ScanStores.NOW);
        transitions.insert(waiting);
        assertThat(transitions.endWaiting(waiting.id(), "Cancelled by ann", ScanStores.NOW.plusSeconds(1)))
                .isTrue();
        assertThat(transitions.endWaiting(waiting.id(), "again", ScanStores.NOW.plusSeconds(2)))
                .isFalse();

        Scan endedScan = scans.find(waiting.id()).orElseThrow();
        assertThat(endedScan.state()).isEqualTo(ScanState.FAILED);
        assertThat(endedScan.failure()).isEqualTo("Cancelled by ann");
        assertThat(endedScan.finishedAt()).isEqualTo(ScanStores.NOW.plusSeconds(1));
        assertThat(endedScan.startedAt()).isNull();
        assertThat(scans.isActive(waiting.id())).isFalse();

        // A running scan is not changed.
        Scan running = stores.scan(ScanStores.NOW.plusSeconds(3));
        transitions.insert(running);
        transitions.start(running.id(), running.createdAt(), ScanStores.NOW.plusSeconds(4));

        assertThat(transitions.endWaiting(running.id(), "late", ScanStores.NOW.plusSeconds(5)))
                .isFalse();
        assertThat(scans.isActive(running.id())).isTrue();
    }

    @Test
    void end_ofAScan_isPublishedWithItsEnding() {
        List<ScanEnding> endings = new ArrayList<>();
        stores.onEnd(end -> endings.add(end.ending()));

        endScan(/* expired= */ false, /* cancelled= */ false, ScanState.FAILED);
        endScan(/* expired= */ true, /* cancelled= */ false, ScanState.FAILED);
        endScan(/* expired= */ true, /* cancelled= */ true, ScanState.FAILED);
        // This scan was complete before a worker found out about the cancel.
        endScan(/* expired= */ false, /* cancelled= */ true, ScanState.SUCCESS);

        assertThat(endings)
                .containsExactly(ScanEnding.FAILED, ScanEnding.TIMED_OUT, ScanEnding.CANCELLED, ScanEnding.SUCCESS);
    }

    @Test
    void end_whoseListenerThrows_isRolledBack() {
        Scan running = stores.scan(ScanStores.NOW);
        transitions.insert(running);
        transitions.start(running.id(), running.createdAt(), ScanStores.NOW);
        List<Scan> published = new ArrayList<>();
        AtomicBoolean refuses = new AtomicBoolean(true);
        stores.onEnd(end -> {
            published.add(end.scan());
            if (refuses.get()) {
                throw new IllegalStateException("no room in the outbox");
            }
        });

        // The listener refuses the end, so the scan still runs.
        assertThatThrownBy(() -> transitions.finish(running.id(), ScanState.FAILED, "why", ScanStores.NOW))
                .hasMessage("no room in the outbox");
        assertThat(scans.find(running.id())).map(Scan::state).contains(ScanState.RUNNING);

        // The refused end was published as well, and rolled back. After the second finish it is published no more.
        refuses.set(false);
        assertThat(transitions.finish(running.id(), ScanState.FAILED, "why", ScanStores.NOW))
                .isTrue();
        assertThat(transitions.finish(running.id(), ScanState.FAILED, "again", ScanStores.NOW))
                .isFalse();
        assertThat(published).hasSize(2).containsOnly(scans.find(running.id()).orElseThrow());

        // A waiting scan, too, does not end if the listener throws.
        Scan waiting = stores.scan(ScanStores.NOW.plusSeconds(1));
        transitions.insert(waiting);
        refuses.set(true);

        assertThatThrownBy(() -> transitions.endWaiting(waiting.id(), "cancelled", ScanStores.NOW))
                .hasMessage("no room in the outbox");
        assertThat(scans.find(waiting.id())).map(Scan::state).contains(ScanState.WAITING);

        refuses.set(false);
        assertThat(transitions.endWaiting(waiting.id(), "cancelled", ScanStores.NOW))
                .isTrue();
        assertThat(published)
                .hasSize(4)
                .last()
                .isEqualTo(scans.find(waiting.id()).orElseThrow());
    }

    /** Creates and starts a scan, which then expires or is cancelled if the test says so, and ends it. */
    private void endScan(boolean expired, boolean cancelled, ScanState end) {
        Scan scan = stores.scan(ScanStores.NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), ScanStores.NOW);
        if (expired) {
            stores.jdbc()
                    .sql("insert into scan_event (scan_id, type, began_at) values (?, 'expired', current_timestamp)")
                    .param(scan.id())
                    .update();
        }
        if (cancelled) {
            stores.jdbc()
                    .sql("update scan set cancelled_by = 'ann', cancelled_at = current_timestamp where id = ?")
                    .param(scan.id())
                    .update();
        }
        transitions.finish(scan.id(), end, /* failure= */ null, ScanStores.NOW);
    }
}

package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.server.sweep.SweepTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

/** Tests how scans are stored and found, on each database that the service supports. */
abstract class ScanStoreContract {

    private ScanStores stores;
    private ScanStore scans;
    private ScanTransitions transitions;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    @BeforeEach
    void open() {
        stores = new ScanStores(dataSource());
        scans = stores.scans();
        transitions = stores.transitions();
    }

    @AfterEach
    void close() {
        stores.close();
    }

    @Test
    void insert_ofAScan_isFoundUnchanged() {
        Scan scan = stores.scan(ScanStores.NOW);

        transitions.insert(scan);

        assertThat(scans.find(scan.id())).contains(scan);
        assertThat(scans.hasActiveScan(stores.instanceId())).isTrue();
    }

    @Test
    void insert_whileAnotherIsActive_isRefused() {
        transitions.insert(stores.scan(ScanStores.NOW));
        assertThatThrownBy(() -> transitions.insert(stores.scan(ScanStores.NOW)))
                .isInstanceOf(DuplicateKeyException.class);
        assertThat(scans.list(stores.instanceId(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .hasSize(1);
    }

    @Test
    void insert_byManyAtTheSameTime_succeedsForOne() throws Exception {
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            attempts.add(() -> {
                try {
                    transitions.insert(stores.scan(ScanStores.NOW));
                    return true;
                } catch (DuplicateKeyException e) {
                    return false;
                }
            });
        }

        int successes = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> result : threads.invokeAll(attempts)) {
                successes += result.get() ? 1 : 0;
            }
        }

        assertThat(successes).isEqualTo(1);
    }

    @Test
    void list_withPagesAndFilters_hasTheNewestFirst() {
        // Scan i has reclaimed 100 + i keys. Scan 0 has failed.
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Scan scan = stores.scan(ScanStores.NOW.plusSeconds(i));
            transitions.insert(scan);
            transitions.start(scan.id(), scan.createdAt(), ScanStores.NOW);
            SweepTesting.complete(stores.jdbc(), stores.sweeps(), ScanStores.sweepOf(scan), /* reclaimed= */ 100 + i);
            transitions.finish(
                    scan.id(), i == 0 ? ScanState.FAILED : ScanState.SUCCESS, /* failure= */ null, ScanStores.NOW);
            ids.addFirst(scan.id());
        }

        assertThat(scans.list(stores.instanceId(), /* state= */ null, /* offset= */ 1, /* limit= */ 2))
                .extracting(Scan::id)
                .containsExactly(ids.get(1), ids.get(2));
        assertThat(scans.list(stores.instanceId(), ScanState.FAILED, /* offset= */ 0, /* limit= */ 10))
                .extracting(Scan::id)
                .containsExactly(ids.get(4));
        assertThat(scans.list(stores.instanceId(), /* state= */ null, /* offset= */ 5, /* limit= */ 10))
                .isEmpty();

        // The totals have the number of scans and of their reclaimed keys: 100 + 101 + 102 + 103 + 104 = 510.
        assertThat(scans.totals(stores.instanceId(), /* state= */ null)).isEqualTo(new ScanTotals(5, 510));
        assertThat(scans.totals(stores.instanceId(), ScanState.FAILED)).isEqualTo(new ScanTotals(1, 100));
        assertThat(scans.totals(UUID.randomUUID(), /* state= */ null)).isEqualTo(new ScanTotals(0, 0));
    }

    @Test
    void list_fromACursorAmongScansOfTheSameTime_continuesAfterIt() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Scan scan = stores.scan(ScanStores.NOW);
            transitions.insert(scan);
            transitions.finish(scan.id(), ScanState.FAILED, /* failure= */ null, ScanStores.NOW);
            ids.add(scan.id());
        }
        ScanQuery allScans = new ScanQuery(
                /* instanceId= */ null, /* state= */ null, /* type= */ null, /* after= */ null, /* limit= */ 10);
        List<UUID> listedIds =
                scans.list(ScanStores.PROJECT, /* instanceIds= */ null, allScans, /* limit= */ 10).stream()
                        .map(Scan::id)
                        .toList();

        assertThat(listedIds).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(scans.list(stores.instanceId(), /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .as("the same order as page by page")
                .extracting(Scan::id)
                .isEqualTo(listedIds);
        assertThat(scans.latest(List.of(stores.instanceId())))
                .extracting(Scan::id)
                .containsExactly(listedIds.getFirst());

        // The list after each scan has the remaining scans.
        for (int i = 0; i < 4; i++) {
            ScanQuery after = new ScanQuery(
                    /* instanceId= */ null,
                    /* state= */ null,
                    /* type= */ null,
                    new ScanQuery.Cursor(ScanStores.NOW, listedIds.get(i)),
                    /* limit= */ 10);
            assertThat(scans.list(ScanStores.PROJECT, /* instanceIds= */ null, after, /* limit= */ 10))
                    .extracting(Scan::id)
                    .isEqualTo(listedIds.subList(i + 1, 4));
        }
        assertThat(scans.list("other", /* instanceIds= */ null, allScans, /* limit= */ 10))
                .isEmpty();

        // Scans can also be found by their ids.
        assertThat(scans.find(ids.subList(0, 2))).extracting(Scan::id).hasSameElementsAs(ids.subList(0, 2));
    }

    @Test
    void executions_ofAScanCancelledWhileItWaited_areStillFound() {
        Scan waiting = stores.scan(ScanStores.NOW);
        transitions.insert(waiting);
        stores.transaction().executeWithoutResult(status -> {
            transitions.endWaiting(waiting.id(), "Cancelled.", ScanStores.NOW);
            stores.sweeps().abandon(waiting.id(), "Cancelled.");
        });

        // WakeUps must find the executions, so that they notice the end.
        assertThat(new ActiveScanExecutions(stores.jdbc()).ofScan(waiting.id()))
                .extracting(TaskInstanceId::getId)
                .contains(ScanStores.sweepOf(waiting).toString());
    }
}

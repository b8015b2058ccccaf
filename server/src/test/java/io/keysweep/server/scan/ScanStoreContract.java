package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweepTesting;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.tracing.Traces;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests how scans are stored, change their states and are found, on each database that the service supports. */
abstract class ScanStoreContract {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");
    private static final String NODE = "127.0.0.1:6379";

    private final UUID instanceId = UUID.randomUUID();
    private AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private JdbcClient jdbc;
    private ScanStore scans;
    private ScanTransitions transitions;
    private SweepStore sweeps;

    /** Returns an empty database with the current schema. */
    abstract DataSource dataSource();

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Stores {
        @Bean
        JdbcClient jdbcClient(DataSource dataSource) {
            return JdbcClient.create(dataSource);
        }

        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    @BeforeEach
    void open() {
        context.registerBean(DataSource.class, this::dataSource);
        context.registerBean(
                SweepStore.class,
                () -> SweepTesting.store(context.getBean(DataSource.class), InstantSource.fixed(NOW)));
        context.registerBean(
                Timeline.class,
                () -> new Timeline(
                        context.getBean(JdbcClient.class), new WorkerIdentity("w1", "host", /* pid= */ 1, "test")));
        context.registerBean(Traces.class, () -> Traces.NONE);
        context.register(Stores.class, ScanStore.class, ScanRows.class, ScanTransitions.class);
        context.refresh();
        scans = context.getBean(ScanStore.class);
        transitions = context.getBean(ScanTransitions.class);
        sweeps = context.getBean(SweepStore.class);
        jdbc = context.getBean(JdbcClient.class);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1', current_timestamp)")
                .param(instanceId)
                .update();
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void insert_ofAScan_isFoundUnchanged() {
        Scan scan = scan(NOW);

        transitions.insert(scan);

        assertThat(scans.find(scan.id())).contains(scan);
        assertThat(scans.hasActiveScan(instanceId)).isTrue();
    }

    @Test
    void insert_whileAnotherIsActive_isRefused() {
        transitions.insert(scan(NOW));
        assertThatThrownBy(() -> transitions.insert(scan(NOW))).isInstanceOf(DuplicateKeyException.class);
        assertThat(scans.list(instanceId, /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .hasSize(1);
    }

    @Test
    void insert_byManyAtTheSameTime_succeedsForOne() throws Exception {
        List<Callable<Boolean>> attempts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            attempts.add(() -> {
                try {
                    transitions.insert(scan(NOW));
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

    @ParameterizedTest
    @EnumSource(names = {"SUCCESS", "FAILED"})
    void finish_ofARunningScan_endsItOnce(ScanState end) {
        Scan scan = scan(NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), NOW.plusSeconds(1));

        assertThat(transitions.finish(scan.id(), end, "why", NOW.plusSeconds(2)))
                .isTrue();
        assertThat(transitions.finish(scan.id(), ScanState.FAILED, "again", NOW.plusSeconds(3)))
                .isFalse();

        Scan endedScan = scans.find(scan.id()).orElseThrow();
        assertThat(endedScan.state()).isEqualTo(end);
        assertThat(endedScan.failure()).isEqualTo("why");
        assertThat(endedScan.startedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(endedScan.finishedAt()).isEqualTo(NOW.plusSeconds(2));

        // The instance can have another scan.
        transitions.insert(scan(NOW.plusSeconds(4)));
    }

    @Test
    void end_whoseListenerThrows_isRolledBack() {
        Scan running = scan(NOW);
        transitions.insert(running);
        transitions.start(running.id(), running.createdAt(), NOW);
        List<Scan> published = new ArrayList<>();
        AtomicBoolean refuses = new AtomicBoolean(true);
        context.addApplicationListener((ApplicationListener<PayloadApplicationEvent<ScanEnded>>) event -> {
            published.add(event.getPayload().scan());
            if (refuses.get()) {
                throw new IllegalStateException("no room in the outbox");
            }
        });

        // The listener refuses the end, so the scan still runs.
        assertThatThrownBy(() -> transitions.finish(running.id(), ScanState.FAILED, "why", NOW))
                .hasMessage("no room in the outbox");
        assertThat(scans.find(running.id())).map(Scan::state).contains(ScanState.RUNNING);

        // The refused end was published as well, and rolled back. After the second finish it is published no more.
        refuses.set(false);
        assertThat(transitions.finish(running.id(), ScanState.FAILED, "why", NOW))
                .isTrue();
        assertThat(transitions.finish(running.id(), ScanState.FAILED, "again", NOW))
                .isFalse();
        assertThat(published).hasSize(2).containsOnly(scans.find(running.id()).orElseThrow());

        // A waiting scan, too, does not end if the listener throws.
        Scan waiting = scan(NOW.plusSeconds(1));
        transitions.insert(waiting);
        refuses.set(true);

        assertThatThrownBy(() -> transitions.endWaiting(waiting.id(), "cancelled", NOW))
                .hasMessage("no room in the outbox");
        assertThat(scans.find(waiting.id())).map(Scan::state).contains(ScanState.WAITING);

        refuses.set(false);
        assertThat(transitions.endWaiting(waiting.id(), "cancelled", NOW)).isTrue();
        assertThat(published)
                .hasSize(4)
                .last()
                .isEqualTo(scans.find(waiting.id()).orElseThrow());
    }

    @Test
    void end_ofAScan_isPublishedWithItsEnding() {
        List<ScanEnding> endings = new ArrayList<>();
        context.addApplicationListener((ApplicationListener<PayloadApplicationEvent<ScanEnded>>)
                event -> endings.add(event.getPayload().ending()));

        endScan(/* expired= */ false, /* cancelled= */ false, ScanState.FAILED);
        endScan(/* expired= */ true, /* cancelled= */ false, ScanState.FAILED);
        endScan(/* expired= */ true, /* cancelled= */ true, ScanState.FAILED);
        // This scan was complete before a worker found out about the cancel.
        endScan(/* expired= */ false, /* cancelled= */ true, ScanState.SUCCESS);

        assertThat(endings)
                .containsExactly(ScanEnding.FAILED, ScanEnding.TIMED_OUT, ScanEnding.CANCELLED, ScanEnding.SUCCESS);
    }

    @Test
    void finish_ofAWaitingScanAsSuccess_isRefused() {
        Scan scan = scan(NOW);
        transitions.insert(scan);

        assertThat(transitions.finish(scan.id(), ScanState.SUCCESS, /* failure= */ null, NOW))
                .isFalse();
        assertThat(scans.find(scan.id()).orElseThrow().state()).isEqualTo(ScanState.WAITING);
    }

    @Test
    void start_twice_keepsTheFirstTime() {
        Scan scan = scan(NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), NOW.plusSeconds(1));
        transitions.start(scan.id(), scan.createdAt(), NOW.plusSeconds(9));

        assertThat(scans.find(scan.id()).orElseThrow().startedAt()).isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void list_withPagesAndFilters_hasTheNewestFirst() {
        // Scan i has reclaimed 100 + i keys. Scan 0 has failed.
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Scan scan = scan(NOW.plusSeconds(i));
            transitions.insert(scan);
            transitions.start(scan.id(), scan.createdAt(), NOW);
            reclaim(scan, 100 + i);
            transitions.finish(scan.id(), i == 0 ? ScanState.FAILED : ScanState.SUCCESS, /* failure= */ null, NOW);
            ids.addFirst(scan.id());
        }

        assertThat(scans.list(instanceId, /* state= */ null, /* offset= */ 1, /* limit= */ 2))
                .extracting(Scan::id)
                .containsExactly(ids.get(1), ids.get(2));
        assertThat(scans.list(instanceId, ScanState.FAILED, /* offset= */ 0, /* limit= */ 10))
                .extracting(Scan::id)
                .containsExactly(ids.get(4));
        assertThat(scans.list(instanceId, /* state= */ null, /* offset= */ 5, /* limit= */ 10))
                .isEmpty();

        // The totals have the number of scans and of their reclaimed keys: 100 + 101 + 102 + 103 + 104 = 510.
        assertThat(scans.totals(instanceId, /* state= */ null)).isEqualTo(new ScanTotals(5, 510));
        assertThat(scans.totals(instanceId, ScanState.FAILED)).isEqualTo(new ScanTotals(1, 100));
        assertThat(scans.totals(UUID.randomUUID(), /* state= */ null)).isEqualTo(new ScanTotals(0, 0));
    }

    @Test
    void executions_ofAScanCancelledWhileItWaited_areStillFound() {
        Scan waiting = scan(NOW);
        transitions.insert(waiting);
        new TransactionTemplate(context.getBean(JdbcTransactionManager.class)).executeWithoutResult(status -> {
            transitions.endWaiting(waiting.id(), "Cancelled.", NOW);
            sweeps.abandon(waiting.id(), "Cancelled.");
        });

        // WakeUps must find the executions, so that they notice the end.
        assertThat(new ActiveScanExecutions(jdbc).ofScan(waiting.id()))
                .extracting(TaskInstanceId::getId)
                .contains(new SweepKey(waiting.id(), /* round= */ 1, NODE).toString());
    }

    @Test
    void endWaiting_ofAnyScan_endsOnlyAWaitingOne() {
        // A waiting scan ends once.
        Scan waiting = scan(NOW);
        transitions.insert(waiting);
        assertThat(transitions.endWaiting(waiting.id(), "Cancelled by ann", NOW.plusSeconds(1)))
                .isTrue();
        assertThat(transitions.endWaiting(waiting.id(), "again", NOW.plusSeconds(2)))
                .isFalse();

        Scan endedScan = scans.find(waiting.id()).orElseThrow();
        assertThat(endedScan.state()).isEqualTo(ScanState.FAILED);
        assertThat(endedScan.failure()).isEqualTo("Cancelled by ann");
        assertThat(endedScan.finishedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(endedScan.startedAt()).isNull();
        assertThat(scans.isActive(waiting.id())).isFalse();

        // A running scan is not changed.
        Scan running = scan(NOW.plusSeconds(3));
        transitions.insert(running);
        transitions.start(running.id(), running.createdAt(), NOW.plusSeconds(4));

        assertThat(transitions.endWaiting(running.id(), "late", NOW.plusSeconds(5)))
                .isFalse();
        assertThat(scans.isActive(running.id())).isTrue();
    }

    @Test
    void list_fromACursorAmongScansOfTheSameTime_continuesAfterIt() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Scan scan = scan(NOW);
            transitions.insert(scan);
            transitions.finish(scan.id(), ScanState.FAILED, /* failure= */ null, NOW);
            ids.add(scan.id());
        }
        ScanQuery allScans = new ScanQuery(
                /* instanceId= */ null, /* state= */ null, /* type= */ null, /* after= */ null, /* limit= */ 10);
        List<UUID> listedIds = scans.list("p", /* instanceIds= */ null, allScans, /* limit= */ 10).stream()
                .map(Scan::id)
                .toList();

        assertThat(listedIds).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(scans.list(instanceId, /* state= */ null, /* offset= */ 0, /* limit= */ 10))
                .as("the same order as page by page")
                .extracting(Scan::id)
                .isEqualTo(listedIds);
        assertThat(scans.latest(List.of(instanceId))).extracting(Scan::id).containsExactly(listedIds.getFirst());

        // The list after each scan has the remaining scans.
        for (int i = 0; i < 4; i++) {
            ScanQuery after = new ScanQuery(
                    /* instanceId= */ null,
                    /* state= */ null,
                    /* type= */ null,
                    new ScanQuery.Cursor(NOW, listedIds.get(i)),
                    /* limit= */ 10);
            assertThat(scans.list("p", /* instanceIds= */ null, after, /* limit= */ 10))
                    .extracting(Scan::id)
                    .isEqualTo(listedIds.subList(i + 1, 4));
        }
        assertThat(scans.list("other", /* instanceIds= */ null, allScans, /* limit= */ 10))
                .isEmpty();

        // Scans can also be found by their ids.
        assertThat(scans.find(ids.subList(0, 2))).extracting(Scan::id).hasSameElementsAs(ids.subList(0, 2));
    }

    private void reclaim(Scan scan, long reclaimed) {
        SweepTesting.complete(jdbc, sweeps, new SweepKey(scan.id(), /* round= */ 1, NODE), reclaimed);
    }

    /** Returns a waiting scan of the instance, with a new id. */
    private Scan scan(Instant createdAt) {
        UUID id = UUID.randomUUID();
        return new Scan(
                id,
                instanceId,
                ScanType.MANUAL,
                ScanState.WAITING,
                Duration.ofMinutes(360),
                /* rateCeiling= */ 2000L,
                /* failure= */ null,
                createdAt,
                /* startedAt= */ null,
                /* finishedAt= */ null,
                List.of(SweepRecord.waiting(id, /* round= */ 1, NODE, SlotSet.ALL)));
    }

    /** Creates and starts a scan, which then expires or is cancelled if the test says so, and ends it. */
    private void endScan(boolean expired, boolean cancelled, ScanState end) {
        Scan scan = scan(NOW);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), NOW);
        if (expired) {
            jdbc.sql("insert into scan_event (scan_id, type, began_at) values (?, 'expired', current_timestamp)")
                    .param(scan.id())
                    .update();
        }
        if (cancelled) {
            jdbc.sql("update scan set cancelled_by = 'ann', cancelled_at = current_timestamp where id = ?")
                    .param(scan.id())
                    .update();
        }
        transitions.finish(scan.id(), end, /* failure= */ null, NOW);
    }
}

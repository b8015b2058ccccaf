package io.keysweep.server.scan;

import io.keysweep.engine.topology.SlotSet;
import io.keysweep.server.sweep.SweepKey;
import io.keysweep.server.sweep.SweepRecord;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.sweep.SweepTesting;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineReader;
import io.keysweep.server.tracing.Traces;
import io.keysweep.server.worker.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** Provides tests with the stores of scans, which run real transactions on a database with one instance. */
final class ScanStores implements AutoCloseable {

    /** The time of the clock that the stores use. */
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00.123Z");

    /** The project of the instance. */
    static final String PROJECT = "p";

    private static final String NODE = "127.0.0.1:6379";

    private final UUID instanceId = UUID.randomUUID();
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Transactions {
        @Bean
        JdbcClient jdbcClient(DataSource dataSource) {
            return JdbcClient.create(dataSource);
        }

        @Bean
        JdbcTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    }

    /** Creates the stores on an empty database with the current schema, and inserts the instance. */
    ScanStores(DataSource dataSource) {
        context.registerBean(DataSource.class, () -> dataSource);
        context.registerBean(SweepStore.class, () -> SweepTesting.store(dataSource, InstantSource.fixed(NOW)));
        context.registerBean(
                Timeline.class,
                () -> new Timeline(
                        context.getBean(JdbcClient.class), new WorkerIdentity("w1", "host", /* pid= */ 1, "test")));
        context.registerBean(Traces.class, () -> Traces.NONE);
        context.register(
                Transactions.class, TimelineReader.class, ScanStore.class, ScanRows.class, ScanTransitions.class);
        context.refresh();
        jdbc().sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc().sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'i', 'redis://127.0.0.1', current_timestamp)")
                .param(instanceId)
                .update();
    }

    UUID instanceId() {
        return instanceId;
    }

    ScanStore scans() {
        return context.getBean(ScanStore.class);
    }

    ScanTransitions transitions() {
        return context.getBean(ScanTransitions.class);
    }

    SweepStore sweeps() {
        return context.getBean(SweepStore.class);
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    /** Returns the template with which a test runs several calls in one transaction. */
    TransactionTemplate transaction() {
        return new TransactionTemplate(context.getBean(JdbcTransactionManager.class));
    }

    /** Calls a listener at each end of a scan, in the transaction of that end. */
    void onEnd(Consumer<ScanEnded> listener) {
        context.addApplicationListener(
                (ApplicationListener<PayloadApplicationEvent<ScanEnded>>) event -> listener.accept(event.getPayload()));
    }

    /** Returns a waiting scan of the instance, which is not stored yet. */
    Scan scan(Instant createdAt) {
        return waiting(instanceId, createdAt);
    }

    /** Returns a waiting scan of any instance, with a new id and one sweep, which is not stored yet. */
    static Scan waiting(UUID instanceId, Instant createdAt) {
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

    /** Returns the key of the only sweep of a scan. */
    static SweepKey sweepOf(Scan scan) {
        return new SweepKey(scan.id(), /* round= */ 1, NODE);
    }

    @Override
    public void close() {
        context.close();
    }
}

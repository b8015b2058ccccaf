package io.keysweep.server.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.engine.topology.Deployment;
import io.keysweep.server.SharedServices;
import io.keysweep.server.TestDatabase;
import io.keysweep.server.TestService;
import io.keysweep.server.control.Intervention;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.sweep.SweepStore;
import io.keysweep.server.timeline.EventType;
import io.keysweep.server.timeline.Timeline;
import io.keysweep.server.timeline.TimelineEvent;
import io.keysweep.testkit.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Tests the native API of scans on PostgreSQL, and that concurrent transactions on a scan cause no deadlock. */
final class PostgresNativeScansIT extends NativeScansContract {

    @Override
    TestService choose(SharedServices services) {
        return services.postgres();
    }

    @Test
    void cancel_whileAWorkerAddsToAFullTimeline_causesNoDeadlock() {
        String instance = service.register(service.newAdministrator("full timeline"), "full", "redis://127.0.0.1:1");

        // The scan has no execution in db-scheduler, so no worker of the service works on it.
        Scan scan = ScanStores.waiting(UUID.fromString(instance), ScanStores.NOW);
        Instant now = scan.createdAt();
        JdbcClient jdbc = service.bean(JdbcClient.class);
        Timeline timeline = service.bean(Timeline.class);
        TransactionTemplate transaction = service.bean(TransactionTemplate.class);
        service.bean(ScanTransitions.class).insert(scan);

        // The timeline has 1,000 events, the maximum. A further event is only counted.
        transaction.executeWithoutResult(
                status -> timeline.add(TimelineEvent.of(scan.id(), EventType.CREATED, now, "AK", /* why= */ null)));
        jdbc.sql("insert into scan_event (scan_id, type, began_at)"
                        + " select scan_id, 'round', began_at from scan_event, generate_series(1, 999)"
                        + " where scan_id = :id")
                .param("id", scan.id())
                .update();

        CompletableFuture<Void> cancel = transaction.execute(status -> {
            // This transaction locks as a worker does, first the sweep and then the timeline.
            service.bean(SweepStore.class).lock(scan.id());
            CompletableFuture<Void> running = CompletableFuture.runAsync(
                    () -> service.bean(ScanControls.class).cancel(scan.id(), new Intervention("AK", "too slow", now)),
                    // The common pool may have a single thread, so the cancel gets a separate thread.
                    task -> Thread.ofPlatform().daemon().start(task));
            Waits.await("the cancel waits for this transaction")
                    .failFast("the call that cancels the scan has returned: " + running, running::isDone)
                    .until(() -> sessionsThatWait(jdbc) > 0);
            timeline.add(TimelineEvent.ofNode(scan.id(), EventType.RESTARTED, now, "127.0.0.1:1", /* why= */ null));
            return running;
        });

        assertThat(cancel).succeedsWithin(Duration.ofMinutes(1));
        assertThat(service.bean(ScanStore.class).find(scan.id()))
                .map(Scan::state)
                .contains(ScanState.FAILED);
    }

    @Test
    void end_whileTheNextScanIsCreated_causesNoDeadlock() {
        UUID instanceId =
                UUID.fromString(service.register(service.newAdministrator("next scan"), "next", "redis://127.0.0.1:1"));

        // The scan has no execution in db-scheduler, so no worker of the service works on it.
        Scan scan = ScanStores.waiting(instanceId, ScanStores.NOW);
        JdbcClient jdbc = service.bean(JdbcClient.class);
        InstanceStore instances = service.bean(InstanceStore.class);
        Deployment deployment = instances.find(instanceId).orElseThrow().deployment();
        ScanTransitions transitions = service.bean(ScanTransitions.class);
        transitions.insert(scan);
        transitions.start(scan.id(), scan.createdAt(), scan.createdAt());

        CompletableFuture<Void> end = service.bean(TransactionTemplate.class).execute(status -> {
            // This transaction locks as the creation of a scan does, first the instance and then the scan.
            instances.lock(instanceId);
            CompletableFuture<Void> running = CompletableFuture.runAsync(
                    () -> service.bean(ScanFinisher.class).finish(scan, deployment, "broken"),
                    task -> Thread.ofPlatform().daemon().start(task));
            Waits.await("the end waits for this transaction")
                    .failFast("the call that ends the scan has returned: " + running, running::isDone)
                    .until(() -> sessionsThatWait(jdbc) > 0);

            assertThatThrownBy(() -> transitions.insert(ScanStores.waiting(instanceId, ScanStores.NOW)))
                    .isInstanceOf(DuplicateKeyException.class);
            status.setRollbackOnly();
            return running;
        });

        assertThat(end).succeedsWithin(Duration.ofMinutes(1));
        assertThat(service.bean(ScanStore.class).find(scan.id()))
                .map(Scan::state)
                .contains(ScanState.FAILED);
    }

    /** Returns how many sessions wait for a lock of the current transaction. */
    private static long sessionsThatWait(JdbcClient jdbc) {
        return jdbc.sql(TestDatabase.POSTGRES_SESSIONS_THAT_WAIT)
                .query(Long.class)
                .single();
    }
}

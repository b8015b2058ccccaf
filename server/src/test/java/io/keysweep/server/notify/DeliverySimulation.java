package io.keysweep.server.notify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.testhelper.ManualScheduler;
import com.github.kagkarlsson.scheduler.testhelper.SettableClock;
import com.github.kagkarlsson.scheduler.testhelper.TestHelper;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.EgressPolicy;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.request.IdempotencyStore;
import io.keysweep.server.scan.Scan;
import io.keysweep.server.scan.ScanEnded;
import io.keysweep.server.scan.ScanEnding;
import io.keysweep.server.scan.ScanState;
import io.keysweep.server.scan.ScanType;
import io.keysweep.server.worker.FailureBackoff;
import io.keysweep.server.worker.ProjectThreads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Runs webhooks and deliveries on a real database, with a clock and a scheduler that the test controls. */
final class DeliverySimulation {

    /** The caller who owns the webhooks, with all rights on project {@code p}. */
    static final Caller OWNER = new Caller("AK", "p", Set.of("*"));

    /** The time of the clock when the simulation begins. */
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final JdbcClient jdbc;
    final TransactionTemplate transaction;
    final WebhookStore webhookStore;
    final DeliveryStore deliveryStore;
    final Webhooks webhooks;
    final Deliveries deliveries;
    final Outbox outbox;
    final Notices notices;
    final UUID instanceId = UUID.randomUUID();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SettableClock clock = new SettableClock();
    private final ManualScheduler scheduler;

    /**
     * Creates the simulation with projects {@code p} and {@code q}, and an instance of {@code p}.
     *
     * @param timeLimit how long a call of a webhook may last
     */
    DeliverySimulation(DataSource dataSource, Duration timeLimit) {
        clock.set(START);
        InstantSource time = clock::now;
        jdbc = JdbcClient.create(dataSource);
        transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        webhookStore = new WebhookStore(jdbc, new SecretBox(MasterKey.of(new byte[32])), isPostgres(dataSource));
        deliveryStore = new DeliveryStore(jdbc);
        webhooks = new Webhooks(webhookStore, new IdempotencyStore(jdbc, text -> text, time), transaction, time);

        // The tasks need the scheduler, which is created last.
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        DeliveryTask tasks = new DeliveryTask();
        DeliveryExecutions executions = tasks.deliveryExecutions(beans.getBeanProvider(Scheduler.class));

        // A notice has no fields without a value.
        outbox = new Outbox(
                deliveryStore,
                webhookStore,
                executions,
                JsonMapper.builder()
                        .changeDefaultPropertyInclusion(
                                inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
                        .build());
        notices = new Notices(webhookStore, outbox);
        deliveries = new Deliveries(
                deliveryStore,
                webhookStore,
                outbox,
                executions,
                new WebhookCall(time, timeLimit, EgressGate.OPEN),
                new ProjectThreads(),
                transaction,
                time,
                registry);
        scheduler = TestHelper.createManualScheduler(
                        new TransactionAwareDataSourceProxy(dataSource),
                        List.of(tasks.webhookDeliveryTask(deliveries, new FailureBackoff())))
                .clock(clock)
                .alwaysPersistTimestampInUTC()
                .build();
        beans.addBean("scheduler", scheduler);

        for (String project : List.of("p", "q")) {
            jdbc.sql("insert into project (id, name, created_at) values (?, ?, current_timestamp)")
                    .params(project, project)
                    .update();
        }
        jdbc.sql("insert into instance (id, project_id, name, uri, created_at)"
                        + " values (?, 'p', 'orders', 'redis://127.0.0.1:1', current_timestamp)")
                .param(instanceId)
                .update();
    }

    private static boolean isPostgres(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getMetaData().getURL().startsWith("jdbc:postgresql:");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Instant now() {
        return clock.now();
    }

    void advance(Duration duration) {
        clock.tick(duration);
    }

    /** Runs the attempts that are due now. */
    void runDue() {
        scheduler.runAnyDueExecutions();
    }

    /** Advances the clock to the next attempt of a delivery and runs the attempt. */
    Delivery runNextAttempt(UUID id) {
        Instant dueAt = deliveryStore.find(id).map(Delivery::nextAt).orElseThrow();
        if (dueAt.isAfter(clock.now())) {
            clock.set(dueAt);
        }
        runDue();
        return deliveryStore.find(id).orElseThrow();
    }

    /** Advances the clock to the next execution, runs it, and returns by how many seconds the clock was advanced. */
    long advanceToNextExecution() {
        Instant dueAt = jdbc.sql("select min(execution_time) from scheduled_tasks")
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single();
        long seconds = Duration.between(clock.now(), dueAt).toSeconds();
        clock.set(dueAt);
        runDue();
        return seconds;
    }

    /** Creates a webhook from a document as the API takes it. */
    Webhooks.WebhookWithSecret create(Caller owner, String document) {
        return webhooks.create(
                owner,
                WebhookSettings.read(JsonMapper.builder().build().readTree(document), EgressPolicy.SERVICE),
                /* key= */ null);
    }

    /** Publishes the end of a scan; {@code failure} is null if the scan ended with success. */
    void endScan(@Nullable String failure) {
        transaction.executeWithoutResult(status -> notices.onScanEnded(scanEnded(failure)));
    }

    /** Returns the event that a scan has ended; {@code failure} is null if the scan ended with success. */
    ScanEnded scanEnded(@Nullable String failure) {
        return new ScanEnded(
                new Scan(
                        UUID.randomUUID(),
                        instanceId,
                        ScanType.AUTO,
                        failure == null ? ScanState.SUCCESS : ScanState.FAILED,
                        /* timeout= */ Duration.ofMinutes(5),
                        /* rateCeiling= */ null,
                        failure,
                        /* createdAt= */ now(),
                        /* startedAt= */ now(),
                        /* finishedAt= */ now(),
                        List.of()),
                failure == null ? ScanEnding.SUCCESS : ScanEnding.FAILED);
    }

    /** Returns the only delivery to a webhook. Throws AssertionError if there is another number of deliveries. */
    Delivery onlyDelivery(Webhook webhook) {
        List<Delivery> found = deliveryStore.list(webhook.id(), /* state= */ null, /* offset= */ 0, /* limit= */ 10);
        if (found.size() != 1) {
            throw new AssertionError(found);
        }
        return found.getFirst();
    }

    /** Returns how many attempts are scheduled. */
    long executions() {
        return jdbc.sql("select count(*) from scheduled_tasks")
                .query(Long.class)
                .single();
    }
}

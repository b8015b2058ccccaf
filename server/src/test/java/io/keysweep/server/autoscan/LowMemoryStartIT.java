package io.keysweep.server.autoscan;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.server.TestService;
import io.keysweep.server.autoscan.EvictionStore.Evictions;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.instance.InstanceStore;
import io.keysweep.server.instance.Instances;
import io.keysweep.server.window.WindowGates;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.Waits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Tests that a shortage of memory starts a scan of a real server: high usage, and evicted keys. */
@ExtendWith(SharedServicesResolver.class)
class LowMemoryStartIT {

    @Test
    void checks_whenTheMemoryIsNearlyFull_startOneScanInTheQuietPeriod(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 2_000, /* dead= */ 1_000);
            redis.client().call("CONFIG", "SET", "maxmemory", "1gb");
            AutoScanCalls calls = AutoScanCalls.register(service, redis);
            calls.setStartPolicy("{\"memoryPercent\":90,\"evictions\":true}");
            String deliveries = calls.createWebhook();

            // The server uses far less than 90 % of 1 GB.
            LowMemoryStarter starter = service.bean(LowMemoryStarter.class);
            starter.startWhereMemoryIsLow();
            assertThat(calls.starts()).isEmpty();

            // The server uses more than 90 % of 1 MB.
            redis.client().call("CONFIG", "SET", "maxmemory-policy", "noeviction");
            redis.client().call("CONFIG", "SET", "maxmemory", "1mb");
            starter.startWhereMemoryIsLow();

            JsonNode start = calls.starts().get(0);
            assertThat(start.get("cause").asString()).isEqualTo("memory");
            assertThat(start.get("outcome").asString()).isEqualTo("started");
            assertThat(start.get("reason").asString()).contains("% of the limit (threshold 90 %)");

            calls.awaitRecords(found -> found.get("records").get(0).has("finished_at"));

            // The memory is still nearly full, but the quiet period after the first start has not passed.
            starter.startWhereMemoryIsLow();
            assertThat(calls.starts()).hasSize(1);

            // The webhook gets a notice of the only start.
            JsonNode notices = calls.call("GET", deliveries, "").body();
            assertThat(notices.size()).isEqualTo(1);
            assertThat(notices.get(0).get("body").asString())
                    .contains("\"cause\":\"memory\"", "\"outcome\":\"started\"", "(threshold 90 %)");
        }
    }

    @Test
    void memoryWatch_isOneOfTheRecurringTasks(SharedServices services) {
        assertThat(services.h2()
                        .bean(JdbcClient.class)
                        .sql("select task_name from scheduled_tasks where task_instance = 'recurring'")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder(
                        "backlog-target", "held-watch", "memory-watch", "permits", "raised-settings", "retention");
    }

    @Test
    void check_afterEvictionsSinceThePreviousCheck_startsAScan(SharedServices services) {
        TestService service = services.h2();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0)) {
            KeySpace.withExpiryOff(redis.client()).plant(/* db= */ 0, /* live= */ 20_000, /* dead= */ 0);
            AutoScanCalls calls = AutoScanCalls.register(service, redis);
            calls.setStartPolicy("{\"evictions\":true}");

            // The first check stores the number of evicted keys.
            LowMemoryStarter starter = service.bean(LowMemoryStarter.class);
            starter.startWhereMemoryIsLow();

            // The server must evict keys, because its limit is a third less than it uses. A third is more than the
            // buffers and old hash tables that the server may free at any moment.
            redis.client().call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            long used = Long.parseLong(Objects.requireNonNull(redis.client().info("used_memory")));
            redis.client().call("CONFIG", "SET", "maxmemory", Long.toString(used - used / 3));
            redis.client().call("SET", "one-more", "value");
            redis.client().call("CONFIG", "SET", "maxmemory", "0");

            // This check decides to start a scan, but no start is recorded. The next check must decide so again.
            starter(service, () -> false).startWhereMemoryIsLow();
            starter.startWhereMemoryIsLow();

            assertThat(calls.starts().get(0).get("reason").asString())
                    .contains("keys were evicted by 127.0.0.1:" + redis.port() + " since");
        }
    }

    @Test
    void saveOfCounts_whileTheInstanceIsBeingRemoved_storesNothing(SharedServices services) {
        TestService service = services.postgres();
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            UUID id = UUID.fromString(service.register(service.newAdministrator("evictions"), "evicts", redis.uri()));
            InstanceStore instances = service.bean(InstanceStore.class);
            EvictionStore evictions = service.bean(EvictionStore.class);
            List<Evictions> counts = List.of(new Evictions("n", "0f", 1, Instant.EPOCH));
            evictions.save(id, counts);
            assertThat(evictions.find(id)).isEqualTo(counts);

            // The removal has the lock of the instance, so the save waits until the instance is removed.
            CompletableFuture<?> save = Objects.requireNonNull(service.bean(TransactionTemplate.class)
                    .execute(status -> {
                        Instance instance = instances.find(id).orElseThrow();
                        instances.lock(id);
                        CompletableFuture<?> waiting =
                                CompletableFuture.runAsync(() -> evictions.save(id, counts), thread);
                        Waits.await("the save waits for the removal")
                                .until(() -> waiting.isDone() || isALockAwaited(service));
                        instances.remove(instance);
                        return waiting;
                    }));

            save.join();
            assertThat(evictions.find(id)).isEmpty();
        }
    }

    /** Returns whether a transaction waits for a lock. */
    private static boolean isALockAwaited(TestService service) {
        return service.bean(JdbcClient.class)
                        .sql("select count(*) from pg_locks where not granted")
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Creates a starter whose starts are recorded only if {@code records} says so. */
    private static LowMemoryStarter starter(TestService service, BooleanSupplier records) {
        TriggeredStarts starts =
                new TriggeredStarts(
                        service.bean(ScanLauncher.class),
                        service.bean(AutoScanStore.class),
                        service.bean(StartStore.class),
                        service.bean(TransactionTemplate.class),
                        InstantSource.system()) {
                    @Override
                    boolean startForMemory(Instance instance, Instant dueAt, boolean worthwhile, String reason) {
                        return records.getAsBoolean();
                    }
                };
        return new LowMemoryStarter(
                service.bean(StartPolicies.class),
                service.bean(InstanceStore.class),
                service.bean(Instances.class),
                service.bean(EvictionStore.class),
                service.bean(QuietPeriod.class),
                service.bean(WindowGates.class),
                service.bean(StartCheck.class),
                starts,
                InstantSource.system());
    }
}

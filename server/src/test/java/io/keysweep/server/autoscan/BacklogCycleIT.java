package io.keysweep.server.autoscan;

import static io.keysweep.testkit.Waits.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.SharedServices;
import io.keysweep.server.SharedServicesResolver;
import io.keysweep.testkit.RedisServer;
import io.keysweep.testkit.RedisVersion;
import io.keysweep.testkit.RespClient;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Tests whole cycles of passes on a real server on which keys expire all the time: assist, the sweep, and the next pass.
 *
 * <p>A pass is an automatic scan that keeps the backlog below a target. The backlog is the number of dead keys. Assist
 * raises settings of the server for a while, so that the server itself removes more of them.
 */
@ExtendWith(SharedServicesResolver.class)
// It takes two minutes, because three passes must run to their end.
@Tag("full")
class BacklogCycleIT {

    /** The number of keys with a long TTL. With its defaults, the server leaves more than a tenth as many dead keys. */
    private static final int LIVE = 100_000;

    private static final int KEYS_PER_SCRIPT = 5_000;

    /** The number of keys that die every second, in ten batches. */
    private static final int INFLOW = 400;

    private static final int BATCHES_PER_SECOND = 10;

    private static final int TARGET = 2_000;

    /**
     * The bound of the backlog. Assist keeps the backlog below the target. But there is no assist during the sweep,
     * which takes about 6 s at the share of its plan, and none until the service checks for the next pass, which it does
     * every 5 s.
     */
    private static final long BOUND = TARGET + 15L * INFLOW;

    /** The timeout of each scan. Assist takes half of it, because the keys never cease to die. */
    private static final int TIMEOUT_SECONDS = 44;

    /** The number of starts after which three cycles are over. Only the third pass has a share from its plan. */
    private static final int STARTS = 4;

    private static final String PLANT =
            "for i = ARGV[2], ARGV[3] do redis.call('SET', ARGV[1] .. i, 'v', 'PX', ARGV[4]) end";

    private final AtomicLong highestBacklog = new AtomicLong();

    @Test
    void passes_whileKeysExpireAllTheTime_assistSweepAndAssistAgain_andKeepTheBacklogLow(SharedServices services)
            throws Exception {
        try (RedisServer redis = RedisServer.start(RedisVersion.REDIS_7_0);
                RespClient client = redis.client();
                RespClient inflowClient = redis.client();
                ScheduledExecutorService inflow = Executors.newSingleThreadScheduledExecutor()) {
            for (int from = 0; from < LIVE; from += KEYS_PER_SCRIPT) {
                plant(client, "live:", from, KEYS_PER_SCRIPT, /* ttlMillis= */ 86_400_000);
            }
            AutoScanCalls calls = AutoScanCalls.register(services.h2(), redis);
            calls.allowAssistWithTimeout(TIMEOUT_SECONDS);

            AtomicLong planted = new AtomicLong();
            int keys = INFLOW / BATCHES_PER_SECOND;
            ScheduledFuture<?> planting = inflow.scheduleAtFixedRate(
                    () -> plant(inflowClient, "dead:", planted.getAndAdd(keys), keys, /* ttlMillis= */ 1),
                    /* initialDelay= */ 0,
                    1000 / BATCHES_PER_SECOND,
                    TimeUnit.MILLISECONDS);
            calls.setStartPolicy("{\"backlogTarget\":" + TARGET + "}");
            await("pass " + STARTS + " has assisted")
                    .atMost(6, TimeUnit.MINUTES)
                    .until(() -> {
                        highestBacklog.accumulateAndGet(client.callLong("DBSIZE") - LIVE, Math::max);
                        JsonNode scans = scans(calls);
                        return scans.size() >= STARTS
                                && scans.get(0).path("assistReclaimed").asLong(0) > 0;
                    });
            assertThat(planting.isDone()).as("the planting of keys has failed").isFalse();
            calls.setStartPolicy("{}");

            // The list begins with the latest scan, which still runs.
            JsonNode scans = scans(calls);
            calls.call("POST", "/api/v1/scans/" + scans.get(0).get("id").asString() + "/cancel", "");
            for (JsonNode scan : List.of(scans.get(1), scans.get(2), scans.get(3))) {
                assertThat(scan.get("status").asString()).as(scan.toString()).isEqualTo("success");
                assertThat(scan.get("assistReclaimed").asLong())
                        .as(scan.toString())
                        .isGreaterThan(TARGET);
                assertThat(scan.get("reclaimed").asLong()).as(scan.toString()).isPositive();
                assertThat(scan.get("sweeps").get(0).get("assist").get("reason").asString())
                        .as(scan.toString())
                        .startsWith("it has kept the backlog at 2,000 dead keys or fewer for ");
            }
            assertThat(highestBacklog.get()).isBetween(1L, BOUND);
            calls.awaitRecords(
                    found -> found.get("records").valueStream().allMatch(record -> record.has("finished_at")));
        }
    }

    private static void plant(RespClient client, String prefix, long from, long count, long ttlMillis) {
        client.call(
                "EVAL",
                PLANT,
                "0",
                prefix,
                Long.toString(from),
                Long.toString(from + count - 1),
                Long.toString(ttlMillis));
    }

    /** Returns the scans of the instance, the latest first. */
    private static JsonNode scans(AutoScanCalls calls) {
        return calls.call("GET", "/api/v1/scans?instanceId=" + calls.instanceId(), "")
                .body()
                .get("scans");
    }
}

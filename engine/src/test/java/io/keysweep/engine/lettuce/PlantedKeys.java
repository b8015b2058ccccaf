package io.keysweep.engine.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.KeyCount;
import io.keysweep.engine.insight.KeyPicture;
import io.keysweep.engine.insight.KeyPicture.TypeBin;
import io.keysweep.engine.insight.PrefixCount;
import io.keysweep.engine.insight.RemainingTtl;
import io.keysweep.testkit.KeySpace;
import io.keysweep.testkit.RespClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;

/** Plants the keys of an imaginary shop on a server, and asserts that an estimate shows them. */
final class PlantedKeys {

    private static final int DEAD = 15_000;

    /** The number of keys without a TTL, config:0 and so on. */
    private static final int CONFIGS = 35_000;

    /** The number of keys that expire at {@link #sessionsDieAt}, session:0 and so on. */
    private static final int SESSIONS = 30_000;

    /** The number of hashes that expire in five days, cart:0 and so on. */
    private static final int CARTS = 10_000;

    /** The number of keys that are not dead. */
    private static final int LIVING = CONFIGS + SESSIONS + CARTS;

    /** The number of all keys, the dead ones included. */
    static final int ALL_KEYS = LIVING + DEAD;

    /** The time at which the sessions die: 20 hours ahead, in the middle of a period of 10 minutes. */
    private final Instant sessionsDieAt =
            Instant.ofEpochSecond(Math.floorDiv(Instant.now().getEpochSecond(), 600) * 600
                    + Duration.ofHours(20).toSeconds()
                    + 300);

    /** The time at which the hashes die, ms since 1970. */
    private final long cartsDieAtMillis = Instant.now().plus(Duration.ofDays(5)).toEpochMilli();

    /** Plants the keys on an empty server, in database 0. */
    void plant(RespClient client) {
        KeySpace.withExpiryOff(client).plant(/* db= */ 0, /* live= */ 0, DEAD);
        write(client, CONFIGS, i -> List.of(new String[][] {{"SET", "config:" + i, "v"}}));
        write(
                client,
                SESSIONS,
                i -> List.of(
                        new String[] {"SET", "session:" + i, "x".repeat(200)},
                        new String[] {"PEXPIREAT", "session:" + i, Long.toString(sessionsDieAt.toEpochMilli())}));
        write(
                client,
                CARTS,
                i -> List.of(
                        new String[] {"HSET", "cart:" + i, "field", "value"},
                        new String[] {"PEXPIREAT", "cart:" + i, Long.toString(cartsDieAtMillis)}));
    }

    /** Sends the commands of {@code count} keys in batches. */
    private static void write(RespClient client, int count, IntFunction<List<String[]>> commands) {
        List<String[]> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.addAll(commands.apply(i));
            if (batch.size() >= 2_000) {
                client.pipeline(batch);
                batch.clear();
            }
        }
        client.pipeline(batch);
    }

    /** Asserts that a picture and a forecast of 24 hours in periods of 10 minutes show the keys. */
    void assertPicture(Estimate estimate) {
        Insight insight = Objects.requireNonNull(estimate.insight());
        assertThat(insight.missing()).isNull();

        KeyPicture picture = Objects.requireNonNull(insight.picture());
        assertNear(picture.count(RemainingTtl.NONE), CONFIGS);
        assertNear(picture.count(RemainingTtl.UNDER_1_D), SESSIONS);
        assertNear(picture.count(RemainingTtl.UNDER_7_D), CARTS);
        assertThat(picture.count(RemainingTtl.DEAD).keys()).isEqualTo(estimate.dead());
        assertThat(picture.count(RemainingTtl.UNDER_1_MIN).keys()).isZero();
        assertThat(picture.unreadKeys()).isZero();
        assertThat(picture.namesLeft()).isFalse();
        // The estimate measures the size of about every eighth key.
        assertThat(picture.measuredKeys()).isBetween(picture.readKeys() / 9, picture.readKeys() / 7);
        assertThat(picture.types()).extracting(TypeBin::type).containsExactly("string", "hash");
        // A string of 200 bytes takes more than 200 bytes, so the keys with a TTL are larger on average.
        assertThat(picture.meanVolatileBytes()).isGreaterThan(picture.meanBytes());
        assertThat(picture.sizes().stream().mapToLong(bin -> bin.count().keys()).sum())
                .isBetween(LIVING * 8L / 10, LIVING * 12L / 10);

        ExpiryForecast forecast = Objects.requireNonNull(insight.forecast());
        assertThat(forecast.steps())
                .as("the periods of 10 minutes, which are 144 in 24 hours")
                .hasSize(144);
        assertThat(forecast.cliffs()).singleElement().satisfies(cliff -> {
            assertThat(cliff.from()).isBefore(sessionsDieAt);
            assertThat(cliff.to()).isAfter(sessionsDieAt);
            assertNear(cliff.dying(), SESSIONS);
        });
        assertNear(forecast.dying(), SESSIONS);
        assertNear(forecast.living(), SESSIONS + CARTS);
    }

    /** Asserts that the two largest prefixes are the prefixes of the planted keys. */
    void assertPrefixes(Estimate estimate) {
        Insight insight = Objects.requireNonNull(EstimateTotal.insight(List.of(estimate), /* top= */ 2));
        List<PrefixCount> prefixes = Objects.requireNonNull(insight.prefixes());
        assertThat(prefixes).extracting(PrefixCount::prefix).containsExactly("session:", "cart:", null);
        assertNear(prefixes.get(0).withTtl(), SESSIONS);
        assertThat(prefixes.get(0).withoutTtl().keys()).isZero();
        assertNear(prefixes.get(1).withTtl(), CARTS);
        assertNear(prefixes.get(2).withoutTtl(), CONFIGS);
        assertThat(prefixes.get(0).dyingSoon().keys()).isZero();
    }

    /**
     * Asserts that an estimated number is near the true one. The server's hash seed is random, so 1 interval in 20
     * misses the true number; an interval twice as wide contains it.
     */
    private static void assertNear(KeyCount count, long truth) {
        long slack = (count.highest() - count.lowest()) / 2 + 20;
        assertThat(truth).isBetween(count.lowest() - slack, count.highest() + slack);
        assertThat(count.highest() - count.lowest()).isLessThan(truth / 2 + 100);
    }
}

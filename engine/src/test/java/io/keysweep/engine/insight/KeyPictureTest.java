package io.keysweep.engine.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.keysweep.engine.insight.KeyPicture.SizeBin;
import io.keysweep.engine.insight.KeyPicture.TtlBin;
import io.keysweep.engine.insight.KeyPicture.TypeBin;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how an estimate sorts keys into classes by TTL and prefix, and adds up several servers. */
final class KeyPictureTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, UNDER_1_MIN",
        "PT59.999S, UNDER_1_MIN",
        "PT1M, UNDER_10_MIN",
        "PT59M, UNDER_1_H",
        "PT5H, UNDER_6_H",
        "PT23H, UNDER_1_D",
        "P3D, UNDER_7_D",
        "P29D, UNDER_30_D",
        "P30D, LONGER",
    })
    void remainingTtl_anyTime_isTheClassThatContainsIt(Duration remaining, RemainingTtl expected) {
        assertThat(RemainingTtl.of(remaining)).isEqualTo(expected);
    }

    @Test
    void sum_ofServers_addsCountsAndWeighsMeans() {
        KeyPicture sum = KeyPicture.sum(List.of(
                picture(/* withTtl= */ 100, /* withoutTtl= */ 300, /* bytes= */ 50L),
                picture(/* withTtl= */ 300, /* withoutTtl= */ 100, /* bytes= */ 90L),
                picture(/* withTtl= */ 0, /* withoutTtl= */ 0, /* bytes= */ null)));

        assertThat(sum.count(RemainingTtl.UNDER_1_H).keys()).isEqualTo(400);
        assertThat(sum.count(RemainingTtl.NONE).keys()).isEqualTo(400);
        assertThat(sum.livingVolatile().keys()).isEqualTo(400);
        assertThat(sum.meanVolatileBytes()).isEqualTo((100 * 50 + 300 * 90) / 400);
        assertThat(sum.meanBytes()).isEqualTo(70);
        assertThat(sum.types()).extracting(TypeBin::type).containsExactly("string");
        assertThat(sum.sizes()).hasSize(KeyPicture.sizeLimits().size() + 1);
        assertThat(sum.sizes().getFirst().count().keys()).isEqualTo(800);
    }

    /** The sum has no types if one server has none, because it would be too small without them. */
    @Test
    void sum_withAServerWhoseTypesWereNotRead_hasNoTypes() {
        KeyPicture pictureWithTypes = picture(/* withTtl= */ 100, /* withoutTtl= */ 300, /* bytes= */ 50L);
        KeyPicture pictureWithoutTypes = new KeyPicture(
                pictureWithTypes.ttl(),
                pictureWithTypes.living(),
                pictureWithTypes.livingVolatile(),
                /* sizes= */ List.of(),
                /* types= */ List.of(),
                /* meanBytes= */ null,
                /* meanVolatileBytes= */ null,
                pictureWithTypes.readKeys(),
                /* measuredKeys= */ 0,
                /* unreadKeys= */ 0,
                /* namesLeft= */ false,
                List.of());

        assertThat(KeyPicture.sum(List.of(pictureWithTypes, pictureWithoutTypes))
                        .types())
                .isEmpty();

        // A server without keys has no types, and the sum needs none from it.
        KeyPicture pictureWithoutKeys = picture(/* withTtl= */ 0, /* withoutTtl= */ 0, /* bytes= */ null);
        assertThat(KeyPicture.sum(List.of(pictureWithTypes, pictureWithoutKeys)).types())
                .hasSize(1);
    }

    /** The lower end of an interval is cut off at 0, but the error of a sum is the same in both directions. */
    @Test
    void sum_ofIntervalsCutOffAtZero_hasTheSameErrorInBothDirections() {
        KeyCount few = new KeyCount(/* keys= */ 1, /* lowest= */ 0, /* highest= */ 3);

        // One number has an error of 2, and the sum of 100 independent ones an error of 2 × √100.
        assertThat(KeyCount.sum(Collections.nCopies(100, few))).isEqualTo(new KeyCount(100, 80, 120));

        // If a sample has met no key, its number can only be too low.
        assertThat(KeyCount.sum(List.of(exactly(1_000), new KeyCount(0, 0, 30))))
                .isEqualTo(new KeyCount(1_000, 1_000, 1_030));
    }

    @Test
    void topPrefixes_morePrefixesThanAllowed_addsUpTheOthersWithoutAName() {
        List<PrefixCount> top = PrefixCount.top(
                List.of(prefix("a:", 1), prefix("b:", 5), prefix("c:", 3), prefix("b:", 5), prefix("d:", 2)), 2);

        assertThat(top).extracting(PrefixCount::prefix).containsExactly("b:", "c:", null);
        assertThat(top).extracting(count -> count.dyingSoon().keys()).containsExactly(10L, 3L, 3L);
    }

    @Test
    void request_outOfRange_namesTheRule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PictureRequest.of(Duration.ofDays(7), Duration.ofMinutes(1), /* prefixes= */ null))
                .withMessageContaining("10080 steps, must have 1 to 1440");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PictureRequest.of(Duration.ofHours(1), Duration.ofMillis(5), /* prefixes= */ null))
                .withMessageContaining("must be 1 s to 1 day");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrefixRequest("", 1, 10))
                .withMessageContaining("separator");
        assertThat(PictureRequest.DEFAULT.steps()).isEqualTo(144);
    }

    /** Keys that are written all the time with a TTL of a minute all die within it, but new ones follow them. */
    @Test
    void dyingPerSecond_shortTtlsOnly_isTheRateOfTheNextMinute() {
        assertThat(dyingPerSecond(exactly(300_000), KeyCount.NONE, KeyCount.NONE))
                .isCloseTo(5_000, within(50.0));
        assertThat(dyingPerSecond(exactly(60_000), exactly(240_000), KeyCount.NONE))
                .isCloseTo(1_000, within(20.0));
    }

    @Test
    void dyingPerSecond_moreSoonOnlyByChance_isTheRateOfTheHour() {
        assertThat(dyingPerSecond(exactly(60), exactly(540), exactly(3_000))).isEqualTo(1);
        // The sample has met only a few keys that die within a minute, so their estimated number may be too high.
        assertThat(dyingPerSecond(new KeyCount(120, 10, 300), exactly(480), exactly(3_000)))
                .isEqualTo(1);
    }

    /** Returns the rate at which keys die, by how many die within 1 minute, 10 minutes and 1 hour. */
    private static double dyingPerSecond(KeyCount inAMinute, KeyCount inTenMinutes, KeyCount inAnHour) {
        return new KeyPicture(
                        List.of(
                                new TtlBin(RemainingTtl.UNDER_1_MIN, inAMinute),
                                new TtlBin(RemainingTtl.UNDER_10_MIN, inTenMinutes),
                                new TtlBin(RemainingTtl.UNDER_1_H, inAnHour)),
                        KeyCount.NONE,
                        KeyCount.NONE,
                        List.of(),
                        List.of(),
                        /* meanBytes= */ null,
                        /* meanVolatileBytes= */ null,
                        /* readKeys= */ 0,
                        /* measuredKeys= */ 0,
                        /* unreadKeys= */ 0,
                        /* namesLeft= */ false,
                        List.of())
                .dyingPerSecond();
    }

    /** Returns a prefix whose keys all have a TTL and die soon. */
    private static PrefixCount prefix(String name, long dying) {
        return new PrefixCount(name, /* dead= */ null, exactly(dying), exactly(dying), KeyCount.NONE);
    }

    /**
     * Returns the picture of a server with texts of equal size.
     *
     * @param withTtl the keys with less than an hour to live
     * @param withoutTtl the keys without a TTL
     * @param bytes the size of each key, or null if there are no keys
     */
    private static KeyPicture picture(long withTtl, long withoutTtl, @Nullable Long bytes) {
        boolean empty = withTtl + withoutTtl == 0;
        return new KeyPicture(
                List.of(
                        new TtlBin(RemainingTtl.UNDER_1_H, exactly(withTtl)),
                        new TtlBin(RemainingTtl.NONE, exactly(withoutTtl))),
                exactly(withTtl + withoutTtl),
                exactly(withTtl),
                empty
                        ? List.of()
                        : IntStream.rangeClosed(0, KeyPicture.sizeLimits().size())
                                .mapToObj(i -> new SizeBin(
                                        i < KeyPicture.sizeLimits().size()
                                                ? KeyPicture.sizeLimits().get(i)
                                                : null,
                                        i == 0 ? exactly(withTtl + withoutTtl) : KeyCount.NONE))
                                .toList(),
                empty ? List.of() : List.of(new TypeBin("string", exactly(withTtl + withoutTtl))),
                bytes,
                bytes,
                withTtl + withoutTtl,
                withTtl + withoutTtl,
                /* unreadKeys= */ 0,
                /* namesLeft= */ false,
                List.of());
    }

    private static KeyCount exactly(long keys) {
        return new KeyCount(keys, keys, keys);
    }
}

package io.keysweep.engine.insight;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Names the classes into which a {@link KeyPicture} sorts keys by the time until they die (expire). */
public enum RemainingTtl {
    /** The key has expired, and still holds memory. */
    DEAD("dead", Duration.ZERO),
    /** The key dies within a minute. */
    UNDER_1_MIN("< 1 min", Duration.ofMinutes(1)),
    /** The key dies in 1 to 10 minutes. */
    UNDER_10_MIN("< 10 min", Duration.ofMinutes(10)),
    /** The key dies in 10 minutes to 1 hour. */
    UNDER_1_H("< 1 h", Duration.ofHours(1)),
    /** The key dies in 1 to 6 hours. */
    UNDER_6_H("< 6 h", Duration.ofHours(6)),
    /** The key dies in 6 hours to 1 day. */
    UNDER_1_D("< 1 d", Duration.ofDays(1)),
    /** The key dies in 1 to 7 days. */
    UNDER_7_D("< 7 d", Duration.ofDays(7)),
    /** The key dies in 7 to 30 days. */
    UNDER_30_D("< 30 d", Duration.ofDays(30)),
    /** The key lives for 30 days or longer, and then dies. */
    LONGER(">= 30 d", /* below= */ null),
    /** The key has no TTL, so it never dies. */
    NONE("no TTL", /* below= */ null);

    private final String label;
    private final @Nullable Duration below;

    RemainingTtl(String label, @Nullable Duration below) {
        this.label = label;
        this.below = below;
    }

    /** Returns the name of the class for users, for example {@code < 10 min}. */
    public String label() {
        return label;
    }

    /** Returns the class of a live key with a TTL, by the time until it expires. */
    public static RemainingTtl of(Duration remaining) {
        for (RemainingTtl bin : values()) {
            if (bin != DEAD && bin.below != null && remaining.compareTo(bin.below) < 0) {
                return bin;
            }
        }
        return LONGER;
    }
}

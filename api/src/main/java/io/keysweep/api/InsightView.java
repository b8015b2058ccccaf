package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports which keys an instance holds and when they die, as a part of an {@link EstimateView}.
 *
 * <p>A key dies when it reaches the end of its TTL. All figures are calculated from the sample of the estimate. All
 * counts are sums over the primaries.
 *
 * @param picture the keys by remaining time, size and type; null if they could not be read
 * @param forecast when the current keys die; null without a picture
 * @param prefixes the keys by the beginnings of their names; null unless the request asked for them, and always null in
 *     a stored estimate
 * @param deadMissing sentence that says why the prefixes have no {@code dead}; null if they have, and without prefixes
 * @param missing sentence that says why {@code picture} is null; null if there is a picture
 */
public record InsightView(
        @Nullable Picture picture,
        @Nullable Forecast forecast,
        @Nullable List<Prefix> prefixes,
        @Nullable String deadMissing,
        @Nullable String missing) {

    /**
     * Holds a number of keys with its 95 % interval.
     *
     * @param keys the most likely number
     * @param lowest the lower end of the interval
     * @param highest the upper end of the interval
     */
    public record Count(long keys, long lowest, long highest) {}

    /**
     * Describes the keys by remaining time, by size and by type.
     *
     * @param ttl the keys by remaining time to live, the dead keys first
     * @param living the live keys
     * @param livingVolatile the live keys that have a TTL
     * @param sizes the live keys by memory, the smallest first; empty if the memory was not measured
     * @param types the live keys by type, the most frequent type first; empty if the types were not read
     * @param meanBytes the mean memory of a live key in bytes; null if it was not measured
     * @param meanVolatileBytes the mean memory of a live key with a TTL in bytes; null if it was not measured
     * @param readKeys the number of keys whose TTL was read
     * @param measuredKeys the number of keys whose type and memory were read
     * @param unreadKeys the number of sampled keys that could not be read
     * @param namesLeft whether the server sent names to the service: those of the sampled keys, or those of dead keys
     *     that it removed
     * @param notes sentences about the limits of the picture
     */
    public record Picture(
            List<TtlClass> ttl,
            Count living,
            Count livingVolatile,
            List<SizeClass> sizes,
            List<TypeClass> types,
            @Nullable Long meanBytes,
            @Nullable Long meanVolatileBytes,
            long readKeys,
            long measuredKeys,
            long unreadKeys,
            boolean namesLeft,
            List<String> notes) {}

    /**
     * Counts the keys whose remaining time is in one range.
     *
     * @param remaining {@code DEAD}, {@code UNDER_1_MIN}, {@code UNDER_10_MIN}, {@code UNDER_1_H}, {@code UNDER_6_H},
     *     {@code UNDER_1_D}, {@code UNDER_7_D}, {@code UNDER_30_D}, {@code LONGER} or {@code NONE} (no TTL)
     * @param count the keys in this range, without the keys of smaller ranges
     */
    public record TtlClass(String remaining, Count count) {}

    /**
     * Counts the keys whose memory is in one range.
     *
     * @param below the upper limit of the range in bytes, exclusive; null for the range of the largest keys
     * @param count the keys in this range, without the keys of smaller ranges
     */
    public record SizeClass(@Nullable Long below, Count count) {}

    /**
     * Counts keys of one type.
     *
     * @param type the type as the server names it
     * @param count the keys of the type
     */
    public record TypeClass(String type, Count count) {}

    /**
     * Describes when the current keys die, by periods of equal length (steps).
     *
     * @param steps the steps, the earliest first
     * @param dying the keys that die in all steps together
     * @param living the live keys with a TTL at the time of the sample
     * @param measuredPerSecond number of expired keys that the primaries removed per second during the estimate; null
     *     if it was not measured
     * @param measuredSeconds duration of that measurement in seconds; null if nothing was measured
     * @param modelPerSecond number of dead keys per second that the servers' own expiry removes at the current backlog,
     *     calculated by a model
     * @param readShare part of the dying keys that clients remove by reading them, 0 to 1
     * @param settingsKnown whether the servers' settings were read; false if the defaults were assumed
     * @param proposedStart when a scan should start; null if none is needed
     */
    public record Forecast(
            List<Step> steps,
            Count dying,
            Count living,
            @Nullable Double measuredPerSecond,
            @Nullable Double measuredSeconds,
            double modelPerSecond,
            double readShare,
            boolean settingsKnown,
            @Nullable Instant proposedStart) {}

    /**
     * Describes one step of a forecast.
     *
     * @param from when the step begins
     * @param to when the step ends
     * @param dying the keys that die in the step
     * @param removed the dead keys that clients and the servers' own expiry remove in the step
     * @param backlog the dead keys that hold memory at the end of the step
     * @param backlogBytes the memory of these dead keys in bytes; null if that is not known
     * @param cliff whether far more keys die in the step than in the steps around it
     */
    public record Step(
            Instant from,
            Instant to,
            Count dying,
            long removed,
            long backlog,
            @Nullable Long backlogBytes,
            boolean cliff) {}

    /**
     * Counts the keys whose names begin alike.
     *
     * @param prefix the beginning of the names; empty for names without a separator, null for the sum of all other
     *     prefixes
     * @param dead the dead keys; null if the server did not publish their names
     * @param dyingSoon the live keys that die within an hour
     * @param withTtl the live keys that have a TTL
     * @param withoutTtl the live keys that have no TTL
     */
    public record Prefix(
            @Nullable String prefix, @Nullable Count dead, Count dyingSoon, Count withTtl, Count withoutTtl) {}

    /** Returns a copy without prefixes, because the service does not store key names. */
    public InsightView withoutPrefixes() {
        return new InsightView(picture, forecast, /* prefixes= */ null, /* deadMissing= */ null, missing);
    }
}

package io.keysweep.engine.sweep;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory that the reclaimed keys held, for the report of a sweep.
 *
 * <p>No server reports this memory. The estimate starts from <i>key memory</i>, the memory of keys and their hash
 * tables ({@link ServerMemory#keyBytes}), before and after the run. If others created and removed hardly any keys
 * during the run, the fall in key memory is the memory of the reclaimed keys. Otherwise a rougher method is used.
 *
 * @param bytes the estimate, bytes; null if there is none
 * @param method the method of the estimate
 * @param explanation the method in words, with the figures used
 */
public record ReclaimedBytes(@Nullable Long bytes, ReclaimedBytesMethod method, String explanation) {

    /** Lists the methods to estimate the memory, the most reliable one first. */
    public enum ReclaimedBytesMethod {
        /** The fall in key memory, if others created and removed hardly any keys; 0 if no key was reclaimed. */
        MEASURED,
        /**
         * The sweep's part of the fall in key memory, corrected for the keys of others. The keys that clients created,
         * minus the keys that they deleted, are counted as average live keys. A key that expired elsewhere or was
         * evicted counts like a reclaimed one.
         */
        NET_OF_FLOW,
        /**
         * The number of reclaimed keys times the size of an average key before the run. This method is used if others
         * changed more keys than the sweep, if it is not known how many, or if key memory did not fall measurably.
         */
        AVERAGE_KEY,
        /**
         * There is no estimate, because no other method applies, and all keys together held too little memory to
         * measure.
         */
        UNKNOWN
    }

    /**
     * The smallest difference that can be measured, in bytes. The memory of scripts and client buffers changes by about
     * as much, and the server does not report all of it.
     */
    private static final long MIN_MEASURABLE_BYTES = 1L << 20;

    /**
     * If others created or removed at most this many keys, as a fraction of the reclaimed keys, the sweep gets the
     * whole fall of memory.
     */
    private static final double MAX_FRACTION_BY_OTHERS = 0.01;

    /**
     * Estimates the memory of the reclaimed keys.
     *
     * @param before the memory when the run began
     * @param keysBefore the number of keys when the run began
     * @param after the memory after the run; null if it is not known
     * @param keysAfter the number of keys after the run
     * @param flow the keys that others created or removed during the run; null if that is not known
     * @param reclaimed the number of expired keys that this run reclaimed
     */
    static ReclaimedBytes of(
            ServerMemory before,
            long keysBefore,
            @Nullable ServerMemory after,
            long keysAfter,
            @Nullable KeyFlow flow,
            long reclaimed) {
        if (reclaimed == 0) {
            return new ReclaimedBytes(/* bytes= */ 0L, ReclaimedBytesMethod.MEASURED, "no key was reclaimed");
        }
        if (after == null || flow == null) {
            return byAverageKey(before, keysBefore, reclaimed, "how many keys others created or removed is not known");
        }
        if (flow.minKeysByOthers() > reclaimed) {
            return byAverageKey(
                    before, keysBefore, reclaimed, "others created or removed more keys than the sweep reclaimed");
        }
        long fallInKeyMemory = before.keyBytes() - after.keyBytes();
        boolean isMeasured = flow.minKeysByOthers() <= MAX_FRACTION_BY_OTHERS * reclaimed;
        double bytes = isMeasured ? fallInKeyMemory : netOfFlow(fallInKeyMemory, after, keysAfter, flow, reclaimed);
        if (bytes < MIN_MEASURABLE_BYTES) {
            return byAverageKey(before, keysBefore, reclaimed, "key memory did not fall, or by too little to measure");
        }
        String atLeast = after.lazyFreePending() == 0
                ? ""
                : format("; at least, as %,d values still wait to be freed", after.lazyFreePending());
        return isMeasured
                ? new ReclaimedBytes(
                        fallInKeyMemory, ReclaimedBytesMethod.MEASURED, "measured as the fall in key memory" + atLeast)
                : new ReclaimedBytes(
                        Math.round(bytes),
                        ReclaimedBytesMethod.NET_OF_FLOW,
                        "the fall in key memory, with new keys counted as average keys" + atLeast);
    }

    /** Returns the sweep's part of the fall in key memory by {@link ReclaimedBytesMethod#NET_OF_FLOW}, bytes. */
    private static double netOfFlow(
            long fallInKeyMemory, ServerMemory after, long keysAfter, KeyFlow flow, long reclaimed) {
        // After the run, nearly all dead keys are removed, so this is the size of an average live key.
        double averageKeyBytesAfter = keysAfter == 0 ? 0 : after.keyBytes() / (double) keysAfter;
        // Without the new keys of clients, memory would have fallen by this much.
        double fallWithoutInflow = fallInKeyMemory + flow.inflow() * averageKeyBytesAfter;
        // The sweep's part of that fall is its part of the keys that expired or were evicted.
        long removedKeys = reclaimed + flow.expiredElsewhere() + flow.evicted();
        return fallWithoutInflow * reclaimed / removedKeys;
    }

    /**
     * Returns the estimate by the average key, or none if the keys held too little memory.
     *
     * @param why the reason why no better method applies, as a part of the explanation
     */
    private static ReclaimedBytes byAverageKey(ServerMemory before, long keysBefore, long reclaimed, String why) {
        if (keysBefore == 0 || before.keyBytes() < MIN_MEASURABLE_BYTES) {
            return new ReclaimedBytes(
                    /* bytes= */ null,
                    ReclaimedBytesMethod.UNKNOWN,
                    "all keys together held too little memory to measure");
        }
        double averageKeyBytes = before.keyBytes() / (double) keysBefore;
        return new ReclaimedBytes(
                Math.round(averageKeyBytes * reclaimed),
                ReclaimedBytesMethod.AVERAGE_KEY,
                format("%,d reclaimed", reclaimed)
                        + format(" x %,d bytes, the mean size of a key before; ", Math.round(averageKeyBytes))
                        + why);
    }

    /** Inserts a number into a pattern, with separators between thousands. */
    private static String format(String pattern, long number) {
        return String.format(Locale.ROOT, pattern, number);
    }
}

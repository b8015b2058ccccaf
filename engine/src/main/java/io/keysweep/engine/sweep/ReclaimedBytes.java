package io.keysweep.engine.sweep;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Memory that the keys held which a sweep has reclaimed. No server tells it; it is reckoned in the best way that what
 * happened beside the sweep allows.
 *
 * @param bytes about how many; null where it cannot be told
 * @param method how it was estimated
 * @param explanation the method in words, with the figures that went into it
 */
public record ReclaimedBytes(@Nullable Long bytes, Method method, String explanation) {

    /** How it can be reckoned, the best first. */
    public enum Method {
        /** By how much the memory of keys fell, where next to nothing else came or went. */
        MEASURED,
        /** The same, with what came beside the sweep taken for average keys and what went for keys like the reclaimed. */
        NET_OF_FLOW,
        /** The reclaimed keys taken for average ones, as more came and went beside the sweep than by it. */
        AVERAGE_KEY,
        /** There is nothing to reckon with. */
        UNKNOWN
    }

    /** Less is lost in scripts and buffers of clients, which come and go and are not all told. */
    private static final long TOO_LITTLE = 1L << 20;

    /** Beside so few other keys a fall is the sweep's own. */
    private static final double NEGLIGIBLE = 0.01;

    /**
     * Reckons.
     *
     * @param before when the run began
     * @param keysBefore keys then
     * @param after when it had ended; null if not known
     * @param keysAfter keys then
     * @param flow what came and went; null if not known
     * @param reclaimed keys that this run has reclaimed
     */
    static ReclaimedBytes of(
            ServerMemory before,
            long keysBefore,
            @Nullable ServerMemory after,
            long keysAfter,
            @Nullable KeyFlow flow,
            long reclaimed) {
        if (reclaimed == 0) {
            return new ReclaimedBytes(0L, Method.MEASURED, "no key was reclaimed");
        }
        if (after == null || flow == null) {
            return average(before, keysBefore, reclaimed, "what came and went beside the sweep is not known");
        }
        if (flow.besideTheSweep() > reclaimed) {
            return average(before, keysBefore, reclaimed, "more keys came and went beside the sweep than by it");
        }
        long fall = before.keyBytes() - after.keyBytes();
        boolean alone = flow.besideTheSweep() <= NEGLIGIBLE * reclaimed;
        double averageAfter = keysAfter == 0 ? 0 : after.keyBytes() / (double) keysAfter;
        long gone = reclaimed + flow.expiredElsewhere() + flow.evicted();
        double bytes = alone ? fall : (fall + flow.inflow() * averageAfter) * reclaimed / gone;
        if (bytes < TOO_LITTLE) {
            return average(before, keysBefore, reclaimed, "what keys hold did not fall, or by too little to tell");
        }
        String atLeast = after.lazyFreePending() == 0
                ? ""
                : count("; at least, as %,d values still wait to be freed", after.lazyFreePending());
        return alone
                ? new ReclaimedBytes(fall, Method.MEASURED, "measured as the fall in key memory" + atLeast)
                : new ReclaimedBytes(
                        Math.round(bytes),
                        Method.NET_OF_FLOW,
                        "the fall of what keys hold, with new keys taken for average ones" + atLeast);
    }

    private static ReclaimedBytes average(ServerMemory before, long keysBefore, long reclaimed, String why) {
        if (keysBefore == 0 || before.keyBytes() < TOO_LITTLE) {
            return new ReclaimedBytes(null, Method.UNKNOWN, "all keys together held too little to tell");
        }
        double average = before.keyBytes() / (double) keysBefore;
        return new ReclaimedBytes(
                Math.round(average * reclaimed),
                Method.AVERAGE_KEY,
                count("%,d reclaimed", reclaimed)
                        + count(" x %,d bytes, an average key before; ", Math.round(average))
                        + why);
    }

    private static String count(String format, long count) {
        return String.format(Locale.ROOT, format, count);
    }
}

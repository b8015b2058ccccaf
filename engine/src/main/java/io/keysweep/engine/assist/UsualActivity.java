package io.keysweep.engine.assist;

/**
 * Describes what a server does without assist: how busy it is, and how many expired keys it counts.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. What the
 * server would do anyway is neither a cost nor a gain of assist. {@link AssistDriver} measures it while the settings
 * have their former values. Immutable.
 *
 * @param share the part of the main thread's time that the server uses, 0 to 1
 * @param expiredPerSecond the keys that its counter of expired keys rises by per second. Below Redis 8.4 and on Valkey
 *     this includes keys that clients find expired. The lowest of all measurements, because the server's own expiry also
 *     removes a part of the backlog
 * @param measuredAt the end of the latest measurement, see {@link CycleReading#at}
 */
record UsualActivity(double share, double expiredPerSecond, long measuredAt) {

    /** Nothing was measured: all work and all keys are attributed to assist. */
    static final UsualActivity UNKNOWN =
            new UsualActivity(/* share= */ 0, Double.POSITIVE_INFINITY, /* measuredAt= */ 0);

    /**
     * The time after which the measurement must be repeated, ns: if others have become less busy, their work would hide
     * the cost of assist.
     */
    private static final long VALID_NANOS = 10_000_000_000L;

    /** The shortest time that says something about the usual activity, s. */
    private static final double SHORTEST_SECONDS = 0.2;

    /**
     * Returns this activity with the measurement between two readings, both at the former settings. If the time between
     * them was too short, for example because of a pause, the activity does not change.
     */
    UsualActivity measuredAgain(CycleReading begin, CycleReading end) {
        double seconds = end.secondsSince(begin);
        if (seconds < SHORTEST_SECONDS) {
            return this;
        }
        double rate = Math.max(0, end.expired() - begin.expired()) / seconds;
        return new UsualActivity(end.totalShareSince(begin), Math.min(expiredPerSecond, rate), end.at());
    }

    /** Returns whether there is no measurement, or the latest one is too old. */
    boolean isOld(long at) {
        return Double.isInfinite(expiredPerSecond) || at - measuredAt >= VALID_NANOS;
    }

    /** Returns how many keys assist has gained between two readings, at least 0. */
    long gained(CycleReading begin, CycleReading end) {
        // The counter begins at 0 again after CONFIG RESETSTAT.
        long counted = Math.max(0, end.expired() - begin.expired());
        double usualCount = Double.isInfinite(expiredPerSecond) ? 0 : expiredPerSecond * end.secondsSince(begin);
        return Math.max(0, Math.round(counted - usualCount));
    }
}

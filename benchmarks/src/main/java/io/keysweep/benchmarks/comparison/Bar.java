package io.keysweep.benchmarks.comparison;

import io.keysweep.testkit.RedisVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a ratio must be for Keysweep to keep what it promises.
 *
 * @param limit the value that it may just have
 * @param atLeast whether more is better; else less is
 */
record Bar(double limit, boolean atLeast) {

    /**
     * How a ratio stands to its bar.
     *
     * @param limit the value that it may just have
     * @param atLeast whether more is better; else less is
     * @param met whether it keeps it
     */
    record Verdict(double limit, boolean atLeast, boolean met) {

        /** For people: {@code >= 0.9  met}. */
        @Override
        public String toString() {
            return (atLeast ? ">= " : "<= ") + limit + "  " + (met ? "met" : "MISSED");
        }
    }

    /** The bars of a version, by ratio: those of Redis 7.0 are about all, those of others about large COUNTs. */
    static Map<String, Bar> of(RedisVersion version) {
        Map<String, Bar> bars = new LinkedHashMap<>();
        if (version == RedisVersion.REDIS_7_0) {
            bars.put("fullRateVsLimit", atLeast(0.90));
            bars.put("fullCpuPerKeyVsLimit", atMost(1.20));
            bars.put("fullRateVsRedisCli", atLeast(3));
            bars.put("fullCpuPerKeyVsRedisCli", atMost(0.5));
            bars.put("gentleStallP99VsDcsWay", atMost(0.35));
            bars.put("fullBytesPerKey", atMost(0.1));
        } else {
            bars.put("fullRateVsRedisCli1000", atLeast(1));
            bars.put("fullLongestStallVsRedisCli1000", atMost(0.3));
        }
        return bars;
    }

    /** The verdict on each ratio that has a bar. */
    static Map<String, Verdict> verdicts(RedisVersion version, Map<String, Double> ratios) {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        of(version).forEach((name, bar) -> {
            Double ratio = ratios.get(name);
            if (ratio != null) {
                verdicts.put(name, bar.on(ratio));
            }
        });
        return verdicts;
    }

    private Verdict on(double ratio) {
        return new Verdict(limit, atLeast, atLeast ? ratio >= limit : ratio <= limit);
    }

    private static Bar atLeast(double limit) {
        return new Bar(limit, true);
    }

    private static Bar atMost(double limit) {
        return new Bar(limit, false);
    }
}

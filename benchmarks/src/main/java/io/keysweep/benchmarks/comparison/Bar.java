package io.keysweep.benchmarks.comparison;

import io.keysweep.benchmarks.result.CheckedBar;
import io.keysweep.testkit.RedisVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Describes the bar of a ratio: the limit that the ratio must meet, or else the benchmark reports {@code MISSED}.
 *
 * <p>A ratio is a figure of one contender, a way to reclaim expired keys, divided by the same figure of another; see
 * {@link Ratios}. A missed bar does not make the benchmark fail.
 *
 * @param limit the worst value that is still good
 * @param atLeast whether a larger value is better
 */
record Bar(double limit, boolean atLeast) {

    /**
     * Returns the bars for a server version, by the name of the ratio. Redis 7.0 has bars against the contenders {@code
     * limit}, {@code redis-cli} and {@code dcs-way}. Newer versions have bars only against {@code redis-cli --count
     * 1000}, an option that {@code redis-cli} 7.0 lacks.
     */
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

    /**
     * Checks each ratio that has a bar, and returns the results by the ratio's name. A bar without a ratio is left out.
     */
    static Map<String, CheckedBar> check(RedisVersion version, Map<String, Double> ratios) {
        Map<String, CheckedBar> checks = new LinkedHashMap<>();
        of(version).forEach((name, bar) -> {
            Double ratio = ratios.get(name);
            if (ratio != null) {
                checks.put(name, bar.check(ratio));
            }
        });
        return checks;
    }

    private CheckedBar check(double ratio) {
        return atLeast ? CheckedBar.atLeast(ratio, limit) : CheckedBar.atMost(ratio, limit);
    }

    private static Bar atLeast(double limit) {
        return new Bar(limit, /* atLeast= */ true);
    }

    private static Bar atMost(double limit) {
        return new Bar(limit, /* atLeast= */ false);
    }
}

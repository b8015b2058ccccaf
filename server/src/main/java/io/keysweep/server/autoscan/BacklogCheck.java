package io.keysweep.server.autoscan;

import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateRefusedException;
import io.keysweep.engine.estimate.EstimateRequest;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.topology.NodeRefusedException;
import io.keysweep.server.cliff.CliffWarnings;
import io.keysweep.server.control.CeilingFinder;
import io.keysweep.server.instance.Instance;
import io.keysweep.server.trend.Trends;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Decides from the estimated backlog whether an automatic scan is worthwhile. The backlog is the number of dead keys:
 * expired keys that still hold memory.
 *
 * <p>Without a threshold in the start policy, every scan is worthwhile. With a threshold, the backlog is estimated on a
 * replica. A primary without a replica that can be read is read itself only if the policy allows that. A scan is
 * worthwhile if one of the thresholds is reached. If the backlog cannot be estimated, or cannot be compared with a
 * threshold, the scan starts, because a needless scan does less harm than a missing one.
 *
 * <p>The estimate is also stored as a point of the trends, and its forecast of the next 24 hours updates the cliffs of
 * the instance, see {@link CliffWarnings}.
 */
@Component
final class BacklogCheck implements StartCheck {

    /** A megabyte of a threshold is one MiB, 2^20 bytes, as in the settings of Redis. */
    private static final double BYTES_PER_MEGABYTE = 1 << 20;

    /**
     * A small number that is added before rounding down, because a decimal such as 0.3 is a little less as a double.
     */
    private static final double ROUNDING_ERROR = 1e-9;

    private final StartPolicies policies;
    private final CeilingFinder ceilings;
    private final BacklogEstimator estimator;
    private final Trends trends;
    private final CliffWarnings cliffs;

    BacklogCheck(
            StartPolicies policies,
            CeilingFinder ceilings,
            BacklogEstimator estimator,
            Trends trends,
            CliffWarnings cliffs) {
        this.policies = policies;
        this.ceilings = ceilings;
        this.estimator = estimator;
        this.trends = trends;
        this.cliffs = cliffs;
    }

    /**
     * Applies the start policy of the instance, as the class describes.
     *
     * @throws IllegalStateException if the thread is interrupted during the estimate, because the service stops
     */
    @Override
    public StartDecision decide(Instance instance) {
        StartPolicy policy = policies.find(instance.id());
        if (!policy.hasThreshold()) {
            return new StartDecision(/* starts= */ true, "due, and no threshold is set");
        }
        try {
            EstimateRequest request = new EstimateRequest(
                    instance.deployment(),
                    /* exact= */ false,
                    policy.samplePrimary(),
                    ceilings.find(instance.id()).namesStay(),
                    PictureRequest.DEFAULT);
            List<Estimate> estimates = estimator.estimate(request);
            trends.recordBacklog(
                    instance.id(), estimates.stream().mapToLong(Estimate::dead).sum(), Estimate.deadBytes(estimates));
            Insight insight = EstimateTotal.insight(estimates, /* top= */ 0);
            ExpiryForecast forecast = insight == null ? null : insight.forecast();
            if (forecast != null) {
                cliffs.update(instance, forecast);
            }
            return compareWithThresholds(policy, estimates);
        } catch (EstimateRefusedException | NodeRefusedException e) {
            return new StartDecision(/* starts= */ true, "due; the backlog could not be estimated: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The service is stopping", e);
        }
    }

    /** Compares the sum of the estimates of all primaries with the thresholds, and decides whether the scan starts. */
    private static StartDecision compareWithThresholds(StartPolicy policy, List<Estimate> estimates) {
        long deadKeys = estimates.stream().mapToLong(Estimate::dead).sum();
        long keysWithTtl = estimates.stream().mapToLong(Estimate::volatileKeys).sum();
        // The number of dead keys is an estimate, so it can exceed the number of keys with a TTL, which is a count.
        double percent = keysWithTtl == 0 ? 0 : Math.min(100, 100.0 * deadKeys / keysWithTtl);
        Long bytes = Estimate.deadBytes(estimates);
        @Nullable Double megabytes = bytes == null ? null : bytes / BYTES_PER_MEGABYTE;
        // Without the size of the keys, a threshold in MiB cannot be checked. The scan then starts.
        boolean isUndecidable = policy.deadMegabytes() != null && megabytes == null;
        boolean thresholdPassed = reaches(percent, policy.deadPercent()) || reaches(megabytes, policy.deadMegabytes());
        boolean starts = thresholdPassed || isUndecidable;
        String nodes = estimates.stream().map(Estimate::countedOn).collect(Collectors.joining(", "));
        return new StartDecision(
                starts,
                thresholdPassed,
                (starts ? "due; " : "below the threshold: ") + figures(policy, percent, megabytes) + ", estimated on "
                        + nodes);
    }

    /**
     * Returns the estimate with its thresholds for users, for example {@code 12.5 % of the keys with a TTL are dead
     * (threshold 10.0 %), holding 3.1 MiB}.
     *
     * @param megabytes the size of the dead keys in MiB; null if it is unknown
     */
    static String figures(StartPolicy policy, double percent, @Nullable Double megabytes) {
        StringBuilder figures = new StringBuilder();
        figures.append(oneDecimal(roundDown(percent))).append(" % of the keys with a TTL are dead");
        appendThreshold(figures, policy.deadPercent(), " %");
        figures.append(", holding ")
                .append(megabytes == null ? "an unknown amount of memory" : oneDecimal(roundDown(megabytes)) + " MiB");
        appendThreshold(figures, policy.deadMegabytes(), " MiB");
        return figures.toString();
    }

    private static boolean reaches(@Nullable Double value, @Nullable Double threshold) {
        return value != null && threshold != null && value >= threshold;
    }

    /** Appends a threshold such as {@code " (threshold 10.0 %)"}; nothing if it is null. */
    private static void appendThreshold(StringBuilder reason, @Nullable Double threshold, String unit) {
        if (threshold != null) {
            reason.append(" (threshold ")
                    .append(oneDecimal(threshold))
                    .append(unit)
                    .append(')');
        }
    }

    /** Rounds down to one decimal, so that a value below the threshold is not shown as the threshold. */
    private static double roundDown(double value) {
        return Math.floor(value * 10 + ROUNDING_ERROR) / 10;
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

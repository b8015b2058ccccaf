package io.keysweep.server.console.scan;

import io.keysweep.api.PaceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.server.console.page.RecordedText;
import io.keysweep.server.sweep.SampleHistory.Sample;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence what limits the speed of a scan. The limit is a signal such as latency, the rate ceiling, or the
 * share of the server's time.
 *
 * @param key key of the sentence in the message catalogue
 * @param arguments amounts and reasons in the sentence, already formatted as text
 */
record PaceReason(String key, List<String> arguments) {

    /**
     * If the speed is at least this part of the rate ceiling, the ceiling is treated as the limit of the speed, and not
     * the share.
     */
    private static final double AT_RATE_CEILING = 0.5;

    /**
     * Finds the reason from what the service has recorded. Returns empty for a scan that sends no steps (calls that
     * visit keys), because the page then shows its hold or its end as the reason.
     *
     * @param latest latest sample of each sweep of the scan
     * @param keysPerSecond current speed of the scan in keys visited per second; null if it is not known
     */
    static Optional<PaceReason> of(ScanView scan, Collection<Sample> latest, @Nullable Long keysPerSecond) {
        boolean sendsSteps = scan.startedAt() != null && scan.finishedAt() == null && scan.hold() == null;
        if (!sendsSteps) {
            return Optional.empty();
        }

        // First case: the load of a server has slowed a sweep. The sentence is about the slowest sweep.
        PaceView pace = scan.pace();
        Optional<Sample> slowest = latest.stream()
                .filter(sample -> sample.slowedBy() != null)
                .min(Comparator.comparingDouble(Sample::share));
        if (slowest.isPresent()) {
            return Optional.of(new PaceReason(
                    "pace.slowed",
                    List.of(
                            share(slowest.get().share()),
                            share(pace.share()),
                            RecordedText.of(String.valueOf(slowest.get().slowedBy())))));
        }

        // Second case: the speed is at least half of the rate ceiling, so the ceiling is treated as the limit.
        Long ceiling = pace.rateCeiling();
        if (ceiling != null && keysPerSecond != null && keysPerSecond >= AT_RATE_CEILING * ceiling) {
            return Optional.of(new PaceReason("pace.rate", List.of(Amounts.count(ceiling))));
        }

        // Last case: the sentence names the share of the pace.
        String share = share(pace.share());
        String stallBudget = Amounts.millis(pace.stallBudgetMs());
        String tunedBy = pace.tunedBy();
        // With a rate ceiling, the sentence names share and ceiling, because the speed does not show which one limits
        // it.
        if (ceiling == null) {
            return Optional.of(
                    tunedBy == null
                            ? new PaceReason("pace.full", List.of(share, stallBudget))
                            : new PaceReason("pace.tuned", List.of(share, stallBudget, tunedBy)));
        }
        String rate = Amounts.count(ceiling);
        return Optional.of(
                tunedBy == null
                        ? new PaceReason("pace.full.rate", List.of(share, stallBudget, rate))
                        : new PaceReason("pace.tuned.rate", List.of(share, stallBudget, tunedBy, rate)));
    }

    /** Formats a share. A share below 1 % keeps a decimal, so that it is not shown as 0 %. */
    private static String share(double share) {
        return share > 0 && share < 0.01 ? String.format(Locale.ROOT, "%.1f %%", share * 100) : Amounts.percent(share);
    }
}

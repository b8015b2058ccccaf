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
 * Says in one sentence why a scan is as fast as it is. It is slowed by a signal, at its rate ceiling, or at its share.
 *
 * @param key key of the sentence in the message catalogue
 * @param arguments amounts and reasons in the sentence, already formatted as text
 */
record PaceReason(String key, List<String> arguments) {

    /** Part of the rate ceiling from which on the ceiling, and not the share, is given as the reason of the speed. */
    private static final double AT_RATE_CEILING = 0.5;

    /**
     * Finds the reason from what the service has recorded. Returns empty for a scan that makes no steps, because its
     * hold or its end is the reason then.
     *
     * @param latest latest sample of each sweep of the scan
     * @param keysPerSecond present speed of the scan; null if it is not known
     */
    static Optional<PaceReason> of(ScanView scan, Collection<Sample> latest, @Nullable Long keysPerSecond) {
        boolean makesSteps = scan.startedAt() != null && scan.finishedAt() == null && scan.hold() == null;
        if (!makesSteps) {
            return Optional.empty();
        }
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
        Long ceiling = pace.rateCeiling();
        if (ceiling != null && keysPerSecond != null && keysPerSecond >= AT_RATE_CEILING * ceiling) {
            return Optional.of(new PaceReason("pace.rate", List.of(Amounts.count(ceiling))));
        }
        String share = share(pace.share());
        String step = Amounts.millis(pace.stallBudgetMs());
        String tunedBy = pace.tunedBy();
        // With a ceiling, both are named: the present speed does not show for sure which of them decides.
        if (ceiling == null) {
            return Optional.of(
                    tunedBy == null
                            ? new PaceReason("pace.full", List.of(share, step))
                            : new PaceReason("pace.tuned", List.of(share, step, tunedBy)));
        }
        String rate = Amounts.count(ceiling);
        return Optional.of(
                tunedBy == null
                        ? new PaceReason("pace.full.rate", List.of(share, step, rate))
                        : new PaceReason("pace.tuned.rate", List.of(share, step, tunedBy, rate)));
    }

    /** Formats a share; one below 1 % keeps a decimal, so that it does not look like nothing. */
    private static String share(double share) {
        return share > 0 && share < 0.01 ? String.format(Locale.ROOT, "%.1f %%", share * 100) : Amounts.percent(share);
    }
}

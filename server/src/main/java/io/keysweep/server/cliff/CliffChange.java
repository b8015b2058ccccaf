package io.keysweep.server.cliff;

import io.keysweep.engine.insight.ExpiryForecast;
import io.keysweep.engine.insight.ExpiryForecast.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the cliffs of a new forecast with the known ones, and decides which of them are new. Each cliff is announced
 * once.
 *
 * <p>A cliff is a time in which far more keys die (reach the end of their TTL) than around it. The next forecast may
 * show it a little earlier or later, with other numbers. A known cliff that a forecast does not show is remembered
 * until its time has passed. So it is not announced again when a later forecast shows it.
 *
 * @param known the cliffs that are known after the forecast
 * @param announced the cliffs of the forecast that were not known before it
 */
record CliffChange(List<KnownCliff> known, List<Cliff> announced) {

    /**
     * Index of the first step (period) of a forecast that can be a cliff. The first step is incomplete, so the second
     * one has no complete step before it to compare with.
     */
    private static final int FIRST_STEP_WITH_CLIFFS = 2;

    /**
     * Returns what a forecast changes.
     *
     * @param knownBefore the cliffs that are known before the forecast
     * @param now the time of the forecast
     */
    static CliffChange of(List<KnownCliff> knownBefore, ExpiryForecast forecast, Instant now) {
        List<Cliff> foundCliffs = Cliff.of(forecast);
        List<KnownCliff> knownAfter = new ArrayList<>();
        for (KnownCliff cliff : knownBefore) {
            boolean isFoundAgain = foundCliffs.stream().anyMatch(cliff::isSameAs);
            boolean hasPassed = !cliff.until().isAfter(now);
            if (!isFoundAgain && !hasPassed) {
                knownAfter.add(isCovered(cliff, forecast.steps()) ? cliff.asNoLongerExpected() : cliff);
            }
        }
        foundCliffs.forEach(cliff -> knownAfter.add(KnownCliff.of(cliff)));
        List<Cliff> announcedCliffs = foundCliffs.stream()
                .filter(cliff -> knownBefore.stream().noneMatch(knownCliff -> knownCliff.isSameAs(cliff)))
                .toList();
        return new CliffChange(knownAfter, announcedCliffs);
    }

    /**
     * Returns whether the forecast covers the whole time of the cliff. A cliff that such a forecast does not show is no
     * longer expected.
     */
    private static boolean isCovered(KnownCliff cliff, List<Step> steps) {
        return steps.size() > FIRST_STEP_WITH_CLIFFS
                && !cliff.from().isBefore(steps.get(FIRST_STEP_WITH_CLIFFS).from())
                && !cliff.until().isAfter(steps.getLast().to());
    }
}

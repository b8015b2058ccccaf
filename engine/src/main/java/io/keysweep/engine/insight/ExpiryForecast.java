package io.keysweep.engine.insight;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts when the current keys die, how many of them the server removes itself, and the resulting backlog.
 *
 * <p>The backlog is the number of dead keys, which have expired and still hold memory. The forecast divides the next
 * hours into equal periods, called steps in the code and in JSON. It knows only keys that exist at the time of the
 * sample, with the TTLs that they have then. So the live keys with a TTL become fewer with each step. {@link
 * ExpiryCycle} is the model of the server's own expiry.
 *
 * @param steps the steps, in order and of equal length
 * @param dying the keys that die in all steps together
 * @param living the live keys with a TTL at the time of the sample
 * @param measured the rate at which the server has removed expired keys lately; null if it was not measured
 * @param modelPerSecond how many dead keys per second the server's own expiry removes at the current backlog, by {@link
 *     ExpiryCycle}
 * @param readShare the part of the dying keys that clients remove by reading them, 0 to 1. It is estimated from the
 *     excess of {@code measured} over {@code modelPerSecond}
 * @param settingsKnown whether the server's settings for its expiry were read; false if the defaults were assumed
 * @param proposedStart when a sweep should start: at the end of the first step whose backlog is at least 90 % of the
 *     largest backlog; null if the backlog stays below 1 % of the keys with a TTL or below 1,000 keys
 */
public record ExpiryForecast(
        List<Step> steps,
        KeyCount dying,
        KeyCount living,
        @Nullable ExpiryRate measured,
        double modelPerSecond,
        double readShare,
        boolean settingsKnown,
        @Nullable Instant proposedStart) {

    /**
     * A step whose backlog is at least this part of the largest backlog is near the peak, so a sweep may start after
     * it.
     */
    private static final double NEAR_THE_PEAK = 0.9;

    /** The smallest backlog for which a start is proposed, as a part of the keys with a TTL. */
    private static final double LEAST_BACKLOG_SHARE = 0.01;

    /** The smallest backlog for which a start is proposed, in keys; the higher of the two limits applies. */
    private static final double LEAST_BACKLOG = 1_000;

    /**
     * The number of removed keys that the model must expect for the time in which the rate was measured. With fewer
     * expected keys, model and measurement cannot be compared.
     */
    private static final double LEAST_EXPECTED = 100;

    /**
     * Describes one step of the forecast.
     *
     * @param from the beginning of the step
     * @param to the end of the step, exclusive
     * @param dying the number of keys that die in the step
     * @param removed the number of dead keys that clients and the server's own expiry remove in the step
     * @param backlog the number of dead keys at the end of the step
     * @param backlogBytes the memory of these dead keys in bytes, by the mean sizes of the keys that die in this and
     *     the earlier steps; null if they are not known
     * @param cliff whether far more keys die in the step than in the steps around it, see {@link CliffRule}
     */
    public record Step(
            Instant from,
            Instant to,
            KeyCount dying,
            long removed,
            long backlog,
            @Nullable Long backlogBytes,
            boolean cliff) {}

    public ExpiryForecast {
        steps = List.copyOf(steps);
    }

    /**
     * Makes the forecast of one server.
     *
     * @param deaths the keys that die in each step
     * @param dead the dead keys at the time of the sample
     * @param living the live keys with a TTL at that time
     * @param dyingPerSecond how many keys die in a second at that time
     * @param sizes the mean memory of the dead and dying keys; null if not known
     * @param expiry the model of the server's own expiry
     * @param settingsKnown whether {@code expiry} has the server's own settings
     * @param measured the rate at which the server has removed expired keys lately; null if not known
     */
    public static ExpiryForecast of(
            DeathCounts deaths,
            long dead,
            KeyCount living,
            double dyingPerSecond,
            @Nullable MeanSizes sizes,
            ExpiryCycle expiry,
            boolean settingsKnown,
            @Nullable ExpiryRate measured) {
        double deadShare = dead + living.keys() > 0 ? dead / (double) (dead + living.keys()) : 0;
        double modelPerSecond = expiry.removedPerSecond(deadShare);
        double readShare = readShare(measured, modelPerSecond, dyingPerSecond);
        double efficiency = efficiency(measured, modelPerSecond);

        List<Step> steps = new ArrayList<>();
        double livingKeys = living.keys();
        double backlog = dead;
        double backlogBytes = sizes == null ? 0 : backlog * sizes.ofDead();
        for (int i = 0; i < deaths.counts().size(); i++) {
            KeyCount dying = deaths.counts().get(i);
            // A key dies once. So the backlog never exceeds the keys that have a TTL now.
            double dyingKeys = Math.min((double) dying.keys(), livingKeys);
            double livingAfter = livingKeys - dyingKeys;
            double dyingUnread = dyingKeys * (1 - readShare);
            double backlogAfter = expiry.backlogAfter(
                    backlog,
                    new ExpiryCycle.Period(dyingUnread, livingKeys, livingAfter, deaths.secondsOf(i)),
                    efficiency);
            if (sizes != null && backlog + dyingUnread > 0) {
                // The server removes large and small keys alike.
                double leftPart = Math.min(1, backlogAfter / (backlog + dyingUnread));
                backlogBytes =
                        leftPart * (backlogBytes + dyingUnread * sizes.ofSteps().get(i));
            }
            long removedKeys = Math.max(0, Math.round(backlog + dyingKeys - backlogAfter));
            backlog = backlogAfter;
            livingKeys = livingAfter;
            steps.add(new Step(
                    deaths.begin(i),
                    deaths.begin(i + 1),
                    dying,
                    removedKeys,
                    Math.round(backlog),
                    sizes == null ? null : Long.valueOf(Math.round(backlogBytes)),
                    /* cliff= */ false));
        }

        return markedForecast(steps, deaths.total(), living, measured, modelPerSecond, readShare, settingsKnown);
    }

    /** Adds up the forecasts of a deployment's servers, whose steps begin at the same times. */
    public static ExpiryForecast sum(List<ExpiryForecast> forecasts) {
        if (forecasts.size() == 1) {
            return forecasts.getFirst();
        }

        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < forecasts.getFirst().steps.size(); i++) {
            int index = i;
            List<Step> parts = forecasts.stream()
                    .map(forecast -> forecast.steps.get(index))
                    .toList();
            // A server without keys with a TTL has no mean size, and needs none.
            boolean bytesKnown = parts.stream().noneMatch(part -> part.backlogBytes == null && part.backlog > 0);
            steps.add(new Step(
                    parts.getFirst().from,
                    parts.getFirst().to,
                    KeyCount.sum(parts.stream().map(Step::dying).toList()),
                    parts.stream().mapToLong(Step::removed).sum(),
                    parts.stream().mapToLong(Step::backlog).sum(),
                    bytesKnown ? totalBytes(parts) : null,
                    /* cliff= */ false));
        }

        return markedForecast(
                steps,
                KeyCount.sum(forecasts.stream().map(ExpiryForecast::dying).toList()),
                KeyCount.sum(forecasts.stream().map(ExpiryForecast::living).toList()),
                totalRate(forecasts),
                forecasts.stream().mapToDouble(ExpiryForecast::modelPerSecond).sum(),
                readShareOfAll(forecasts),
                forecasts.stream().allMatch(ExpiryForecast::settingsKnown));
    }

    /** Returns the part of the dying keys of all servers that clients remove by reading them. */
    private static double readShareOfAll(List<ExpiryForecast> forecasts) {
        double dyingKeys =
                forecasts.stream().mapToLong(forecast -> forecast.dying.keys()).sum();
        double readKeys = forecasts.stream()
                .mapToDouble(forecast -> forecast.readShare * forecast.dying.keys())
                .sum();
        return dyingKeys > 0 ? Math.clamp(readKeys / dyingKeys, 0.0, 1.0) : 0;
    }

    private static Long totalBytes(List<Step> parts) {
        return parts.stream()
                .map(Step::backlogBytes)
                .mapToLong(bytes -> bytes == null ? 0 : bytes)
                .sum();
    }

    /** Returns the sum of the measured rates; null if a rate was not measured. */
    private static @Nullable ExpiryRate totalRate(List<ExpiryForecast> forecasts) {
        double perSecond = 0;
        double seconds = 0;
        for (ExpiryForecast forecast : forecasts) {
            ExpiryRate rate = forecast.measured;
            if (rate == null) {
                return null;
            }
            perSecond += rate.perSecond();
            seconds = Math.max(seconds, rate.seconds());
        }
        return new ExpiryRate(perSecond, seconds);
    }

    /** Returns the forecast with its cliffs marked, and with a proposed start. */
    private static ExpiryForecast markedForecast(
            List<Step> steps,
            KeyCount dying,
            KeyCount living,
            @Nullable ExpiryRate measured,
            double modelPerSecond,
            double readShare,
            boolean settingsKnown) {
        List<KeyCount> counts = steps.stream().map(Step::dying).toList();
        List<Step> markedSteps = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            markedSteps.add(new Step(
                    step.from,
                    step.to,
                    step.dying,
                    step.removed,
                    step.backlog,
                    step.backlogBytes,
                    CliffRule.isCliff(counts, i, living.keys())));
        }
        return new ExpiryForecast(
                markedSteps,
                dying,
                living,
                measured,
                modelPerSecond,
                readShare,
                settingsKnown,
                proposedStart(markedSteps, living.keys()));
    }

    /** Returns when a sweep should start, see {@link #proposedStart()}; null if no sweep is worthwhile. */
    private static @Nullable Instant proposedStart(List<Step> steps, long living) {
        long peak = steps.stream().mapToLong(Step::backlog).max().orElse(0);
        if (peak < Math.max(LEAST_BACKLOG, LEAST_BACKLOG_SHARE * (peak + living))) {
            return null;
        }
        return steps.stream()
                .filter(step -> step.backlog >= NEAR_THE_PEAK * peak)
                .findFirst()
                .map(Step::to)
                .orElse(null);
    }

    /** Returns the part of the dying keys that clients remove by reading them; 0 if no rate was measured. */
    private static double readShare(@Nullable ExpiryRate measured, double modelPerSecond, double dyingPerSecond) {
        return measured == null || dyingPerSecond <= 0
                ? 0
                : Math.clamp((measured.perSecond() - modelPerSecond) / dyingPerSecond, 0.0, 1.0);
    }

    /**
     * Returns the ratio of really removed keys to the keys that the model expects, 0 to 1. Returns 1 if the model
     * expects too few keys for a comparison.
     */
    private static double efficiency(@Nullable ExpiryRate measured, double modelPerSecond) {
        return measured == null || modelPerSecond * measured.seconds() < LEAST_EXPECTED
                ? 1
                : Math.clamp(measured.perSecond() / modelPerSecond, 0.0, 1.0);
    }

    /**
     * Returns the part of the dead keys, which the model expects the server's own expiry to remove, that it really
     * removes, 0 to 1. The forecast multiplies each removal by it.
     */
    public double efficiency() {
        return efficiency(measured, modelPerSecond);
    }

    /** Returns the steps in which far more keys die than around them. */
    public List<Step> cliffs() {
        return steps.stream().filter(Step::cliff).toList();
    }
}

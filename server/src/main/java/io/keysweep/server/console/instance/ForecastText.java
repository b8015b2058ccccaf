package io.keysweep.server.console.instance;

import io.keysweep.api.InsightView;
import io.keysweep.api.InsightView.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prepares a forecast of deaths for the page of an instance: the values in its sentences, and the bars of its chart.
 *
 * <p>A key dies when it expires; it is then dead until a client or the server removes it. A step is one of the equal
 * periods of the forecast.
 *
 * <p>The methods that templates call are public. The chart is an SVG of {@value #WIDTH} by {@value #HEIGHT} units.
 *
 * @param forecast the forecast itself
 * @param first its first step
 * @param last its last step
 * @param worst the step at the end of which the most dead keys exist
 * @param removed the number of dead keys that clients and the server's own expiry remove in all steps
 * @param cliffs the first {@value #MAX_CLIFFS} cliffs; a cliff is a step in which far more keys die than in the steps
 *     around it
 * @param moreCliffs the number of further cliffs
 * @param bars SVG path of the bars without cliffs
 * @param cliffBars SVG path of the bars with cliffs
 */
record ForecastText(
        InsightView.Forecast forecast,
        Step first,
        Step last,
        Step worst,
        long removed,
        List<Step> cliffs,
        int moreCliffs,
        String bars,
        String cliffBars) {

    static final int WIDTH = 1000;
    static final int HEIGHT = 100;

    private static final int MAX_CLIFFS = 5;

    /** Maximum number of bars that a reader can distinguish; neighbouring steps of a longer forecast share one. */
    private static final int MAX_BARS = 144;

    /** Prepares a forecast for the page; empty if the forecast has no steps. */
    static Optional<ForecastText> of(InsightView.Forecast forecast) {
        List<Step> steps = forecast.steps();
        if (steps.isEmpty()) {
            return Optional.empty();
        }

        int stepsPerBar = Math.ceilDiv(steps.size(), MAX_BARS);
        long mostDying = 0;
        for (int i = 0; i < steps.size(); i += stepsPerBar) {
            mostDying = Math.max(mostDying, dying(stepsFrom(steps, i, stepsPerBar)));
        }

        StringBuilder normalBars = new StringBuilder();
        StringBuilder cliffBars = new StringBuilder();
        double width = (double) WIDTH * stepsPerBar / steps.size();
        for (int i = 0; i < steps.size(); i += stepsPerBar) {
            List<Step> stepsOfBar = stepsFrom(steps, i, stepsPerBar);
            boolean isCliff = stepsOfBar.stream().anyMatch(Step::cliff);
            (isCliff ? cliffBars : normalBars)
                    .append(bar((double) WIDTH * i / steps.size(), width, height(dying(stepsOfBar), mostDying)));
        }

        List<Step> cliffs = steps.stream().filter(Step::cliff).toList();
        return Optional.of(new ForecastText(
                forecast,
                steps.getFirst(),
                steps.getLast(),
                steps.stream().max(Comparator.comparingLong(Step::backlog)).orElseThrow(),
                steps.stream().mapToLong(Step::removed).sum(),
                cliffs.subList(0, Math.min(cliffs.size(), MAX_CLIFFS)),
                Math.max(0, cliffs.size() - MAX_CLIFFS),
                normalBars.toString(),
                cliffBars.toString()));
    }

    /** Returns the time that the forecast covers. */
    public Duration length() {
        return Duration.between(first.from(), last.to());
    }

    /** Returns the steps of one bar; the last bar can have fewer steps than {@code size}. */
    private static List<Step> stepsFrom(List<Step> steps, int from, int size) {
        return steps.subList(from, Math.min(steps.size(), from + size));
    }

    /** Returns how many keys die in the steps of one bar. */
    private static long dying(List<Step> steps) {
        return steps.stream().mapToLong(step -> step.dying().keys()).sum();
    }

    /** Returns the height of a bar; the bar of a single key is still high enough to be seen. */
    private static double height(long dying, long mostDying) {
        return dying == 0 ? 0 : Math.max(1.5, (double) HEIGHT * dying / mostDying);
    }

    /** Returns the SVG path of a bar that stands on the bottom of the chart; empty for a bar without height. */
    private static String bar(double left, double width, double height) {
        return height == 0
                ? ""
                : String.format(Locale.ROOT, "M%.1f %dv-%.1fh%.1fv%.1fz", left, HEIGHT, height, width * 0.85, height);
    }
}

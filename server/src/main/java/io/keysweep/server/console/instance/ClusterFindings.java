package io.keysweep.server.console.instance;

import io.keysweep.api.AdviceView;
import io.keysweep.engine.doctor.Examination;
import io.keysweep.engine.doctor.Finding;
import io.keysweep.engine.doctor.Finding.Severity;
import io.keysweep.server.estimate.AdviceViews;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the findings on several primaries for their page. Each different finding is shown once, with its primaries,
 * as {@code keysweep doctor} does. The advice is for all primaries together.
 *
 * <p>The methods that templates call are public.
 *
 * @param primaries the number of primaries that were examined
 * @param isComplete whether these are all primaries
 * @param serious the problems and warnings
 * @param facts the other findings
 * @param advice the finding on the dead keys of all primaries; null if there is no advice for all of them
 * @param options the advice with all ways; null if {@code advice} is null
 */
record ClusterFindings(
        int primaries,
        boolean isComplete,
        List<Item> serious,
        List<Item> facts,
        @Nullable Finding advice,
        @Nullable AdviceView options) {

    /** The number of primaries that are named at a finding. */
    private static final int MAX_NAMED = 5;

    /** The number of facts up to which the page shows them without a click. */
    private static final int MAX_OPEN_FACTS = 20;

    /**
     * Describes a finding and the primaries that have it.
     *
     * @param nodes the first primaries, separated by commas, and the number of the others; null if all have the finding
     */
    record Item(Finding finding, @Nullable String nodes) {}

    static ClusterFindings of(Examination examination) {
        int primaries = examination.diagnoses().size();
        List<Item> items = examination.findingsBesideAdvice().stream()
                .map(occurrence -> new Item(occurrence.finding(), nodes(occurrence.nodes(), primaries)))
                .toList();
        Finding advice = examination.adviceFinding();
        return new ClusterFindings(
                primaries,
                examination.refusals().isEmpty(),
                items.stream().filter(item -> !isFact(item)).toList(),
                items.stream().filter(ClusterFindings::isFact).toList(),
                advice,
                advice == null ? null : AdviceViews.view(examination.advice()));
    }

    private static boolean isFact(Item item) {
        return item.finding().severity() == Severity.INFO;
    }

    private static @Nullable String nodes(List<String> nodes, int primaries) {
        if (nodes.size() == primaries) {
            return null;
        }
        return String.join(", ", nodes.subList(0, Math.min(MAX_NAMED, nodes.size())))
                + (nodes.size() > MAX_NAMED ? " +" + (nodes.size() - MAX_NAMED) : "");
    }

    /** Returns whether the page shows the facts without a click. */
    public boolean hasFewFacts() {
        return facts.size() <= MAX_OPEN_FACTS;
    }
}

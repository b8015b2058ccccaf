package io.keysweep.benchmarks.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Holds the outcome of a run of the fuzzer.
 *
 * @param seed the seed of the run
 * @param operations the number of different operations that were called, pages and forms of the console included
 * @param requests the number of requests that were sent
 * @param answers the number of answers by the class of their status, such as {@code 4xx}
 * @param heap a sentence about how the used heap has changed
 * @param findings one entry for each broken rule
 */
record FuzzResult(
        long seed, int operations, long requests, Map<String, Long> answers, String heap, List<FuzzFinding> findings) {

    /** Returns the findings and a summary. The last line is, for example, {@code 3,000 requests, 0 findings}. */
    String text() {
        String findingTexts =
                findings.stream().map(finding -> finding.text(seed) + "\n\n").collect(Collectors.joining());
        String statuses = answers.entrySet().stream()
                .map(answer -> String.format(Locale.ROOT, "%s %,d", answer.getKey(), answer.getValue()))
                .collect(Collectors.joining(", "));
        return findingTexts
                + String.format(
                        Locale.ROOT,
                        "%d operations, answers: %s%nheap: %s%n%,d requests, %d findings",
                        operations,
                        statuses,
                        heap,
                        requests,
                        findings.size());
    }
}

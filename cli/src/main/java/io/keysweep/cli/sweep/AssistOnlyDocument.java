package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.engine.assist.AssistReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Represents the JSON that {@code keysweep sweep --assist-only --json} prints: the result of assist on all primaries.
 *
 * <p>Assist makes the server itself remove more expired keys for a while. It raises settings and then puts them back.
 *
 * @param formatVersion version of this shape
 * @param command always {@code assist}
 * @param label name of the server or the cluster in texts that users read
 * @param total sums over all nodes
 * @param nodes the result of assist on each primary, in the order in which they ended
 * @param refused the primaries of a cluster that could not be assisted
 */
record AssistOnlyDocument(
        int formatVersion,
        String command,
        String label,
        Total total,
        List<AssistDocument> nodes,
        List<RefusedNode> refused) {

    /**
     * Sums up the results of assist on all primaries.
     *
     * @param reclaimed number of expired keys that the servers have reclaimed during assist, by the servers' counters
     * @param estimatedLeft number of expired keys that still hold memory, the sum of the servers' estimates. A server
     *     without an estimate is left out. The sum is null if no server reports one
     */
    record Total(long reclaimed, @Nullable Long estimatedLeft) {}

    static AssistOnlyDocument of(String label, List<AssistReport> reports, List<RefusedNode> refused) {
        List<Long> estimates = reports.stream()
                .map(AssistReport::estimatedLeft)
                .filter(Objects::nonNull)
                .toList();
        return new AssistOnlyDocument(
                ResultOutput.FORMAT_VERSION,
                "assist",
                label,
                new Total(
                        reports.stream().mapToLong(AssistReport::reclaimed).sum(),
                        estimates.isEmpty()
                                ? null
                                : (Long) estimates.stream()
                                        .mapToLong(Long::longValue)
                                        .sum()),
                reports.stream().map(AssistDocument::of).toList(),
                refused);
    }
}

package io.keysweep.cli.sweep;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.engine.assist.AssistReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON that {@code keysweep sweep --assist-only --json} prints: what assist has done on all primaries.
 *
 * <p>Assist makes the server's own expiry cycle work harder for a while, by settings that are raised and then put back.
 *
 * @param reclaimed number of expired keys that the servers have reclaimed meanwhile, by their own counters
 * @param estimatedLeft number of expired keys that still hold memory, the sum of the servers' estimates; a server
 *     without an estimate is left out, and the sum is null if no server reports one
 * @param primaries what assist has done on each primary, in the order in which it ended
 * @param refused the primaries of a cluster that could not be assisted; left out if there are none
 */
record AssistOnlyDocument(
        long reclaimed,
        @Nullable Long estimatedLeft,
        List<AssistDocument> primaries,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RefusedNode> refused) {

    static AssistOnlyDocument of(List<AssistReport> reports, List<RefusedNode> refused) {
        List<Long> estimates = reports.stream()
                .map(AssistReport::estimatedLeft)
                .filter(Objects::nonNull)
                .toList();
        return new AssistOnlyDocument(
                reports.stream().mapToLong(AssistReport::reclaimed).sum(),
                estimates.isEmpty()
                        ? null
                        : (Long) estimates.stream().mapToLong(Long::longValue).sum(),
                reports.stream().map(AssistDocument::of).toList(),
                refused);
    }
}

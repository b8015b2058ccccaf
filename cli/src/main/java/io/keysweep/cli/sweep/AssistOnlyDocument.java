package io.keysweep.cli.sweep;

import io.keysweep.engine.assist.AssistReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON that {@code keysweep sweep --assist-only --json} prints.
 *
 * @param reclaimed expired keys that the servers have reclaimed meanwhile, by their own counters
 * @param estimatedLeft expired keys that still hold memory, by the servers' estimates; null if no server reports one
 * @param primaries what assist has done on each primary
 */
record AssistOnlyDocument(long reclaimed, @Nullable Long estimatedLeft, List<AssistDocument> primaries) {

    static AssistOnlyDocument of(List<AssistReport> reports) {
        List<Long> estimates = reports.stream()
                .map(AssistReport::estimatedLeft)
                .filter(Objects::nonNull)
                .toList();
        return new AssistOnlyDocument(
                reports.stream().mapToLong(AssistReport::reclaimed).sum(),
                estimates.isEmpty()
                        ? null
                        : (Long) estimates.stream().mapToLong(Long::longValue).sum(),
                reports.stream().map(AssistDocument::of).toList());
    }
}

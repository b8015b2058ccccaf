package io.keysweep.cli.sweep;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.keysweep.cli.sweep.ClusterDocument.ShardDocument;
import io.keysweep.engine.assist.AssistReport;
import io.keysweep.engine.sweep.SweepReport;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON that {@code keysweep sweep --json} prints for one server. It has all fields of {@link ClusterDocument},
 * so that programs read both alike, and the fields of the server's own report.
 *
 * @param report the report, whose fields are those of this document
 * @param label name of the server in texts that users read
 * @param success whether the sweep was completed
 * @param uncovered always empty, since a server outside a cluster has all slots
 * @param unassigned always empty
 * @param orphans always empty outside a cluster
 * @param sweeps the only sweep
 * @param assists what assist did before the sweep; empty without {@code --assist}
 */
record ServerDocument(
        @JsonUnwrapped SweepDocument report,
        String label,
        boolean success,
        String uncovered,
        String unassigned,
        SortedMap<Integer, Long> orphans,
        List<ShardDocument> sweeps,
        List<AssistDocument> assists) {

    /**
     * Creates the document of a sweep.
     *
     * @param failure why the sweep has failed, or null if it has not
     */
    static ServerDocument of(String label, SweepReport report, @Nullable String failure, List<AssistReport> assists) {
        return new ServerDocument(
                SweepDocument.of(report, failure, assists),
                label,
                report.ending() == SweepReport.Ending.COMPLETED,
                /* uncovered= */ "",
                /* unassigned= */ "",
                report.orphans(),
                List.of(ShardDocument.of(report, failure)),
                assists.stream().map(AssistDocument::of).toList());
    }
}

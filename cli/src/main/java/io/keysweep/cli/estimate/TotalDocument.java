package io.keysweep.cli.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.ResultOutput;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.insight.Insight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents an {@link EstimateTotal} as JSON: the sum of the estimates of all primaries. Components without a comment
 * have the names and meanings of {@link EstimateTotal}.
 *
 * @param expirableHashes number of hashes that have fields with a TTL; left out of the JSON if it is 0
 * @param insight the insight, summed over all primaries; left out unless it was requested
 * @param advice the advice on the dead keys; left out without an insight
 * @param sweepSeconds how long it would take to sweep these primaries one after the other with each profile, in seconds
 */
record TotalDocument(
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        double shareOfVolatile,
        boolean exact,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long expirableHashes,
        @Nullable Long deadBytes,
        SweepTimes sweepSeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Insight insight,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Advice advice) {

    /**
     * Represents the JSON that {@code keysweep estimate --json} prints, in the same shape for one server and for a
     * cluster.
     *
     * @param formatVersion version of this shape
     * @param command always {@code estimate}
     * @param label name of the server or the cluster in texts that users read
     * @param total sum of the estimates; null if no primary could be estimated
     * @param nodes an estimate for each primary that could be estimated
     * @param refused the primaries of a cluster that could not be estimated
     */
    record WithNodes(
            int formatVersion,
            String command,
            String label,
            @Nullable TotalDocument total,
            List<EstimateDocument> nodes,
            List<RefusedNode> refused) {

        static WithNodes of(String label, List<Estimate> estimates, List<RefusedNode> refused, int top) {
            return new WithNodes(
                    ResultOutput.FORMAT_VERSION,
                    "estimate",
                    label,
                    estimates.isEmpty()
                            ? null
                            : TotalDocument.of(
                                    EstimateTotal.of(estimates),
                                    EstimateTotal.insight(estimates, top),
                                    EstimateTotal.advice(estimates)),
                    estimates.stream()
                            .map(estimate -> EstimateDocument.of(estimate, top))
                            .toList(),
                    refused);
        }
    }

    private static TotalDocument of(EstimateTotal total, @Nullable Insight insight, @Nullable Advice advice) {
        return new TotalDocument(
                total.keys(),
                total.volatileKeys(),
                total.dead(),
                total.lowest(),
                total.highest(),
                Amounts.rounded(total.shareOfVolatile()),
                total.exact(),
                total.expirableHashes(),
                total.deadBytes(),
                SweepTimes.of(total.cost()),
                insight,
                advice);
    }
}

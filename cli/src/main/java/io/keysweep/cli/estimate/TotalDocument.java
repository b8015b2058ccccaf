package io.keysweep.cli.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.insight.Insight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON form of an {@link EstimateTotal}, the sum of the estimates of a cluster's primaries. Components without a
 * comment have the names and meanings of {@link EstimateTotal}.
 *
 * @param expirableHashes number of hashes that have fields with a TTL; left out of the JSON if it is 0
 * @param insight the sums of what was found out about the keys; left out unless it was requested
 * @param advice what to do about the dead keys; left out without an insight
 * @param sweepSeconds how long it would take to sweep these primaries one after the other, with each profile
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
     * Is the JSON that {@code keysweep estimate --json} prints for a cluster.
     *
     * @param primaries an estimate for each primary that could be estimated
     * @param total sum of these estimates
     * @param refused the primaries that could not be estimated; left out if there are none
     */
    record OfCluster(
            List<EstimateDocument> primaries,
            TotalDocument total,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RefusedNode> refused) {

        static OfCluster of(List<Estimate> estimates, List<RefusedNode> refused, int top) {
            return new OfCluster(
                    estimates.stream().map(EstimateDocument::of).toList(),
                    TotalDocument.of(
                            EstimateTotal.of(estimates),
                            EstimateTotal.insight(estimates, top),
                            EstimateTotal.advice(estimates)),
                    refused);
        }
    }

    /**
     * Is the JSON that {@code keysweep estimate --json} prints for one server. It has all fields of {@link OfCluster},
     * so that programs read both alike, and the fields of the server's own estimate.
     *
     * @param estimate the estimate, whose fields are those of this document
     * @param primaries the same estimate as the only element
     * @param total the sums, which are the numbers of this server
     */
    record OfServer(@JsonUnwrapped EstimateDocument estimate, List<EstimateDocument> primaries, TotalDocument total) {

        static OfServer of(Estimate estimate) {
            EstimateDocument document = EstimateDocument.of(estimate);
            return new OfServer(
                    document,
                    List.of(document),
                    TotalDocument.of(EstimateTotal.of(List.of(estimate)), estimate.insight(), estimate.advice()));
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

package io.keysweep.cli.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.RefusedNode;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON form of an {@link EstimateTotal}, the sum of the estimates of a cluster's primaries. Components without a
 * comment have the names and meanings of {@link EstimateTotal}.
 *
 * @param expirableHashes number of hashes that have fields with a TTL; left out of the JSON if it is 0
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
        SweepTimes sweepSeconds) {

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

        static OfCluster of(List<Estimate> estimates, List<RefusedNode> refused) {
            return new OfCluster(
                    estimates.stream().map(EstimateDocument::of).toList(),
                    TotalDocument.of(EstimateTotal.of(estimates)),
                    refused);
        }
    }

    private static TotalDocument of(EstimateTotal total) {
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
                SweepTimes.of(total.cost()));
    }
}

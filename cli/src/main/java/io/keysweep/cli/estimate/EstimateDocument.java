package io.keysweep.cli.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.estimate.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * Is the JSON form of an {@link Estimate}, a part of what {@code keysweep estimate --json} prints. Components without a
 * comment have the names and meanings of {@link Estimate}.
 *
 * @param expirableHashes number of hashes that have fields with a TTL; left out of the JSON if it is 0
 * @param sweepSeconds how long a sweep of this primary would take, with each profile
 */
record EstimateDocument(
        String nodeId,
        String countedOn,
        Estimate.Method method,
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        double shareOfVolatile,
        boolean exact,
        long sampledKeys,
        long calls,
        long reclaimed,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long expirableHashes,
        @Nullable Long deadBytes,
        SweepTimes sweepSeconds) {

    static EstimateDocument of(Estimate estimate) {
        return new EstimateDocument(
                estimate.nodeId(),
                estimate.countedOn(),
                estimate.method(),
                estimate.keys(),
                estimate.volatileKeys(),
                estimate.dead(),
                estimate.lowest(),
                estimate.highest(),
                Amounts.rounded(estimate.shareOfVolatile()),
                estimate.exact(),
                estimate.sampledKeys(),
                estimate.calls(),
                estimate.reclaimed(),
                estimate.expirableHashes(),
                estimate.deadBytes(),
                SweepTimes.of(estimate.cost()));
    }
}

package io.keysweep.cli.estimate;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.shell.SweepTimes;
import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.estimate.Estimate;
import io.keysweep.engine.estimate.EstimateTotal;
import io.keysweep.engine.insight.Insight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Represents an {@link Estimate} as JSON, a part of the output of {@code keysweep estimate --json}. Components without
 * a comment have the names and meanings of {@link Estimate}.
 *
 * @param expirableHashes number of hashes that have fields with a TTL; left out of the JSON if it is 0
 * @param insight which keys there are and when they expire; left out unless it was requested
 * @param advice the advice on the dead keys; left out without an insight
 * @param sweepSeconds how long a sweep of this primary would take with each profile, in seconds
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
        SweepTimes sweepSeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Insight insight,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Advice advice) {

    /**
     * Returns the document of an estimate.
     *
     * @param top the number of prefixes to show, if they were requested
     */
    static EstimateDocument of(Estimate estimate, int top) {
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
                SweepTimes.of(estimate.cost()),
                EstimateTotal.insight(List.of(estimate), top),
                estimate.advice());
    }
}

package io.keysweep.engine.estimate;

import java.util.List;

/**
 * Holds the estimates of a deployment's primaries, and the failures of primaries that have none.
 *
 * @param estimates one estimate for each primary that could be estimated, in the order of their slots
 * @param failures why each of the other primaries could not be estimated, in the same order: a {@link
 *     io.keysweep.engine.topology.NodeRefusedException} or an {@link EstimateRefusedException}. If slots of
 *     a cluster have no primary, the last entry says which
 */
public record DeploymentEstimate(List<Estimate> estimates, List<RuntimeException> failures) {

    public DeploymentEstimate {
        estimates = List.copyOf(estimates);
        failures = List.copyOf(failures);
    }

    /**
     * Returns the estimates of all primaries.
     *
     * @throws RuntimeException if a primary has no estimate. It is the first {@link EstimateRefusedException}, because
     *     waiting does not help against it; if there is none, it is the first failure
     */
    public List<Estimate> complete() {
        if (!failures.isEmpty()) {
            throw failures.stream()
                    .filter(EstimateRefusedException.class::isInstance)
                    .findFirst()
                    .orElseGet(failures::getFirst);
        }
        return estimates;
    }
}

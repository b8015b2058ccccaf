package io.keysweep.engine.doctor;

import io.keysweep.engine.topology.NodeRefusedException;
import java.util.List;

/**
 * Holds the results of a {@link Doctor} for all servers of a deployment.
 *
 * @param diagnoses one diagnosis for each server that could be examined, in the order of the primaries' slots
 * @param refusals one exception for each server that could not be examined, and one if slots have no primary; empty
 *     unless the deployment is a cluster
 */
public record Examination(List<Diagnosis> diagnoses, List<NodeRefusedException> refusals) {

    public Examination {
        diagnoses = List.copyOf(diagnoses);
        refusals = List.copyOf(refusals);
    }
}

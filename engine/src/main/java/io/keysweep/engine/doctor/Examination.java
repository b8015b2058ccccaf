package io.keysweep.engine.doctor;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.topology.NodeRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the results of a {@link Doctor} for all servers of a deployment.
 *
 * @param diagnoses one diagnosis for each server that could be examined, in the order of the primaries' slots
 * @param refusals one exception for each server that could not be examined, and one if slots have no primary; empty
 *     unless the deployment is a cluster
 */
public record Examination(List<Diagnosis> diagnoses, List<NodeRefusedException> refusals) {

    /**
     * Describes a finding that one or more servers have in the same words.
     *
     * @param finding the finding
     * @param nodes addresses of the servers with this finding
     */
    public record Occurrence(Finding finding, List<String> nodes) {

        public Occurrence {
            nodes = List.copyOf(nodes);
        }
    }

    public Examination {
        diagnoses = List.copyOf(diagnoses);
        refusals = List.copyOf(refusals);
    }

    /**
     * Returns the advice on the dead keys (expired keys that still use memory) of all examined servers together. Leaves
     * out servers without keys that have a TTL, because none of their keys dies. Returns null if one of the other
     * servers has no advice, or if there is none.
     */
    public @Nullable Advice advice() {
        List<Diagnosis> relevant = withVolatileKeys();
        List<Advice> advices = relevant.stream()
                .map(Diagnosis::advice)
                .filter(Objects::nonNull)
                .toList();
        return advices.isEmpty() || advices.size() < relevant.size() ? null : Advice.ofAll(advices);
    }

    /**
     * Returns the finding on the dead keys of all examined servers together, in the words of the finding on one server.
     * Returns null if one server was examined, because it has the finding itself, or if there is no advice.
     */
    public @Nullable Finding adviceFinding() {
        Advice advice = advice();
        if (advice == null || diagnoses.size() < 2) {
            return null;
        }
        long dead = withVolatileKeys().stream()
                .map(Diagnosis::dead)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
        return AdviceCheck.ofAll(dead, advice);
    }

    /** Returns each different finding once, with the servers that have it, the most severe first. */
    public List<Occurrence> findings() {
        Map<Finding, List<String>> nodesByFinding = new LinkedHashMap<>();
        for (Diagnosis diagnosis : diagnoses) {
            for (Finding finding : diagnosis.findings()) {
                nodesByFinding
                        .computeIfAbsent(finding, ignored -> new ArrayList<>())
                        .add(diagnosis.nodeId());
            }
        }
        return nodesByFinding.entrySet().stream()
                .map(entry -> new Occurrence(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(
                                (Occurrence occurrence) -> occurrence.finding().severity())
                        .reversed())
                .toList();
    }

    /**
     * Returns the findings that a person reads beside {@link #adviceFinding}. If there is one on the dead keys of all
     * servers, the findings on the dead keys of single servers are left out.
     */
    public List<Occurrence> findingsBesideAdvice() {
        Finding advice = adviceFinding();
        return findings().stream()
                .filter(occurrence ->
                        advice == null || !occurrence.finding().id().equals(advice.id()))
                .toList();
    }

    private List<Diagnosis> withVolatileKeys() {
        return diagnoses.stream()
                .filter(diagnosis -> diagnosis.volatileKeys() > 0)
                .toList();
    }
}

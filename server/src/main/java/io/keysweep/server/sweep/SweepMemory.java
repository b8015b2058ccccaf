package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.KeyFlow;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.ReclaimedBytes.Method;
import io.keysweep.engine.sweep.ServerMemory;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports what the runs of a sweep did to the memory of its server, and which keys others added and removed meanwhile.
 * Figures "before" are of the first run, figures "after" of the last; all others are sums over the runs that ended in good
 * order.
 *
 * @param estimatedRuns number of runs that {@code reclaimedBytes} covers
 * @param reclaimedBytes estimate of the bytes that the reclaimed keys held; null where no estimate is possible
 * @param method the least exact method of estimate of all runs; null before a run has ended
 * @param explanation how the last run was estimated, in words
 */
public record SweepMemory(
        int estimatedRuns,
        @Nullable Long reclaimedBytes,
        @Nullable Method method,
        @Nullable String explanation,
        @Nullable Long rssBefore,
        @Nullable Long rssAfter,
        @Nullable Long keysBefore,
        @Nullable Long keysAfter,
        @Nullable Long expiresBefore,
        @Nullable Long expiresAfter,
        @Nullable Long inflow,
        @Nullable Long expiredElsewhere,
        @Nullable Long evicted) {

    /** The memory before the first run has ended: nothing is known. */
    static final SweepMemory NONE =
            new SweepMemory(0, null, null, null, null, null, null, null, null, null, null, null, null);

    /** Returns this memory with one more run added. */
    SweepMemory with(MemoryReport run) {
        ServerMemory after = run.after();
        Keyspace keys = run.keysAfter();
        KeyFlow flow = run.flow();
        Long bytes = run.reclaimed().bytes();
        return new SweepMemory(
                estimatedRuns + (bytes == null ? 0 : 1),
                sum(reclaimedBytes, bytes),
                worst(method, run.reclaimed().method()),
                run.reclaimed().explanation(),
                rssBefore == null ? (Long) run.before().rssBytes() : rssBefore,
                after == null ? rssAfter : (Long) after.rssBytes(),
                keysBefore == null ? (Long) run.keysBefore().totalKeys() : keysBefore,
                keys == null ? keysAfter : (Long) keys.totalKeys(),
                expiresBefore == null ? (Long) run.keysBefore().totalExpires() : expiresBefore,
                keys == null ? expiresAfter : (Long) keys.totalExpires(),
                sum(inflow, flow == null ? null : (Long) flow.inflow()),
                sum(expiredElsewhere, flow == null ? null : (Long) flow.expiredElsewhere()),
                sum(evicted, flow == null ? null : (Long) flow.evicted()));
    }

    /** Sums over primaries; a sum is null if one of them does not report the figure. */
    public static SweepMemory over(Collection<SweepMemory> primaries) {
        List<String> explanations = primaries.stream()
                .map(SweepMemory::explanation)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return new SweepMemory(
                primaries.stream().mapToInt(SweepMemory::estimatedRuns).sum(),
                primaries.stream()
                        .map(SweepMemory::reclaimedBytes)
                        .filter(Objects::nonNull)
                        .reduce(SweepMemory::sum)
                        .orElse(null),
                primaries.stream()
                        .map(SweepMemory::method)
                        .filter(Objects::nonNull)
                        .reduce(SweepMemory::worst)
                        .orElse(null),
                explanations.size() == 1
                        ? explanations.getFirst()
                        : explanations.isEmpty() ? null : "the sum over all primaries, each estimated by itself",
                total(primaries, SweepMemory::rssBefore),
                total(primaries, SweepMemory::rssAfter),
                total(primaries, SweepMemory::keysBefore),
                total(primaries, SweepMemory::keysAfter),
                total(primaries, SweepMemory::expiresBefore),
                total(primaries, SweepMemory::expiresAfter),
                total(primaries, SweepMemory::inflow),
                total(primaries, SweepMemory::expiredElsewhere),
                total(primaries, SweepMemory::evicted));
    }

    /**
     * Returns how the bytes were estimated, and that runs are missing in them if so.
     *
     * @param runs number of runs that were begun
     */
    public @Nullable String explanation(int runs) {
        if (explanation == null || runs <= estimatedRuns) {
            return explanation;
        }
        return explanation + "; of " + estimatedRuns + " of " + runs
                + " runs, as the others were interrupted or have no estimate";
    }

    private static @Nullable Long total(
            Collection<SweepMemory> primaries, Function<SweepMemory, @Nullable Long> component) {
        long sum = 0;
        for (SweepMemory primary : primaries) {
            Long value = component.apply(primary);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return primaries.isEmpty() ? null : (Long) sum;
    }

    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null || other == null ? (one == null ? other : one) : (Long) (one + other);
    }

    private static Method worst(@Nullable Method one, @Nullable Method other) {
        return Stream.of(one, other)
                .filter(Objects::nonNull)
                .max(Method::compareTo)
                .orElse(Method.UNKNOWN);
    }
}

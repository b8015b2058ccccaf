package io.keysweep.server.scan;

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
 * What the runs of a sweep have done to the memory of its server, and what came and went meanwhile: before is of the first
 * run, after of the last, the rest is of all that have ended in good order.
 *
 * @param estimatedRuns how many runs {@code reclaimedBytes} is of
 * @param reclaimedBytes what the reclaimed keys held, about; null where it cannot be told
 * @param method how that was estimated, the worst of all runs; null before the end of one
 * @param explanation how it was estimated in the last run, in words
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

    /** Before the first run. */
    static final SweepMemory NONE =
            new SweepMemory(0, null, null, null, null, null, null, null, null, null, null, null, null);

    /** With one more run. */
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

    /** Summed over primaries; a sum is null as long as one of them does not tell. */
    static SweepMemory over(Collection<SweepMemory> primaries) {
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

    /** How the bytes were estimated, with what is not in them. */
    @Nullable String explanation(int runs) {
        if (explanation == null || runs <= estimatedRuns) {
            return explanation;
        }
        return explanation + "; of " + estimatedRuns + " of " + runs
                + " runs, as the others were broken off or cannot tell";
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

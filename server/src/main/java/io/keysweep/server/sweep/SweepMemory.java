package io.keysweep.server.sweep;

import io.keysweep.engine.sweep.KeyFlow;
import io.keysweep.engine.sweep.Keyspace;
import io.keysweep.engine.sweep.MemoryReport;
import io.keysweep.engine.sweep.ReclaimedBytes.ReclaimedBytesMethod;
import io.keysweep.engine.sweep.ServerMemory;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reports how the runs of a sweep changed the memory and the keys of its server.
 *
 * <p>A sweep is the part of a scan that visits one primary. It has several runs (each is the work of one worker) if it
 * was interrupted or had to wait. Only runs that have ended with a report are included. The values are of three kinds:
 *
 * <ul>
 *   <li>"before": from the start of the first of these runs
 *   <li>"after": from the end of the last run whose end could be measured
 *   <li>{@code reclaimedBytes} and the values from {@code inflow} to {@code evicted}: sums over the runs for which they
 *       are known
 * </ul>
 *
 * <p>A value is null if it is unknown.
 *
 * @param estimatedRuns number of runs that {@code reclaimedBytes} covers
 * @param reclaimedBytes estimated memory of the reclaimed keys in bytes
 * @param method the least reliable method by which a run was estimated; null until a run has ended
 * @param explanation how {@code reclaimedBytes} was estimated in the last run, in words for users
 * @param rssBefore memory that the server process occupied before (RSS), in bytes
 * @param rssAfter memory that the server process occupied after (RSS), in bytes
 * @param keysBefore number of keys in all databases before
 * @param keysAfter number of keys in all databases after
 * @param expiresBefore number of keys with a TTL before
 * @param expiresAfter number of keys with a TTL after
 * @param inflow number of keys that other clients created, minus the number of keys that they deleted
 * @param expiredElsewhere number of expired keys that clients or the server's own expiry removed, and not the sweep
 * @param evicted number of keys that the server evicted because its memory was full
 * @param processBefore id of the server process (INFO {@code run_id}) of the values before
 * @param processAfter id of the server process of the values after
 */
public record SweepMemory(
        int estimatedRuns,
        @Nullable Long reclaimedBytes,
        @Nullable ReclaimedBytesMethod method,
        @Nullable String explanation,
        @Nullable Long rssBefore,
        @Nullable Long rssAfter,
        @Nullable Long keysBefore,
        @Nullable Long keysAfter,
        @Nullable Long expiresBefore,
        @Nullable Long expiresAfter,
        @Nullable Long inflow,
        @Nullable Long expiredElsewhere,
        @Nullable Long evicted,
        @Nullable String processBefore,
        @Nullable String processAfter) {

    /** The state before the end of the first run: nothing is known. */
    static final SweepMemory NONE =
            ofEstimate(/* estimatedRuns= */ 0, /* reclaimedBytes= */ null, /* method= */ null, /* explanation= */ null);

    /**
     * Returns this report with one more run added. The known values "before" are kept. The values "after" are replaced
     * if the run knows them.
     */
    SweepMemory with(MemoryReport run) {
        ServerMemory after = run.after();
        Keyspace keys = run.keysAfter();
        KeyFlow flow = run.flow();
        Long bytes = run.reclaimed().bytes();
        // The casts to Long keep the conditional expressions from unboxing null.
        return new SweepMemory(
                estimatedRuns + (bytes == null ? 0 : 1),
                sum(reclaimedBytes, bytes),
                leastReliable(method, run.reclaimed().method()),
                run.reclaimed().explanation(),
                rssBefore == null ? (Long) run.before().rssBytes() : rssBefore,
                after == null ? rssAfter : (Long) after.rssBytes(),
                keysBefore == null ? (Long) run.keysBefore().totalKeys() : keysBefore,
                keys == null ? keysAfter : (Long) keys.totalKeys(),
                expiresBefore == null ? (Long) run.keysBefore().totalExpires() : expiresBefore,
                keys == null ? expiresAfter : (Long) keys.totalExpires(),
                sum(inflow, flow == null ? null : (Long) flow.inflow()),
                sum(expiredElsewhere, flow == null ? null : (Long) flow.expiredElsewhere()),
                sum(evicted, flow == null ? null : (Long) flow.evicted()),
                processBefore == null ? run.before().runId() : processBefore,
                after == null ? processAfter : after.runId());
    }

    /**
     * Returns whether the memory before and after may be compared. After a failover or a restart they must not be
     * compared, because the values are from two server processes. Returns true if one of the processes is not known.
     */
    public boolean sameProcess() {
        boolean isUnknown = processBefore == null || processAfter == null;
        return isUnknown || Objects.equals(processBefore, processAfter);
    }

    /**
     * Returns whether {@code inflow}, {@code expiredElsewhere}, {@code evicted} and the keys that the sweep has
     * reclaimed together explain the change of the number of keys. Returns false if keys came or went between two runs,
     * or in a run whose worker was lost. Also returns false if one of the values is unknown.
     *
     * @param reclaimed number of keys that the sweep has reclaimed in all its runs
     */
    public boolean explainsChangeOfKeys(long reclaimed) {
        return keysBefore != null
                && keysAfter != null
                && inflow != null
                && expiredElsewhere != null
                && evicted != null
                && keysAfter - keysBefore == inflow - reclaimed - expiredElsewhere - evicted;
    }

    /**
     * Sums up the estimates of several sweeps: their runs, bytes, methods and explanations. Sweeps without an estimate
     * are left out. All other values are null, because a primary can have several sweeps, and a sum would count its
     * memory several times.
     */
    public static SweepMemory estimates(Collection<SweepMemory> sweeps) {
        List<String> explanations = sweeps.stream()
                .map(SweepMemory::explanation)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return ofEstimate(
                sweeps.stream().mapToInt(SweepMemory::estimatedRuns).sum(),
                sweeps.stream()
                        .map(SweepMemory::reclaimedBytes)
                        .filter(Objects::nonNull)
                        .reduce(SweepMemory::sum)
                        .orElse(null),
                sweeps.stream()
                        .map(SweepMemory::method)
                        .filter(Objects::nonNull)
                        .reduce(SweepMemory::leastReliable)
                        .orElse(null),
                commonExplanation(explanations));
    }

    /**
     * Returns one explanation for a sum over sweeps.
     *
     * @param explanations the different explanations of the sweeps
     * @return the only explanation, or a general one if there are several; null if there is none
     */
    private static @Nullable String commonExplanation(List<String> explanations) {
        return switch (explanations.size()) {
            case 0 -> null;
            case 1 -> explanations.getFirst();
            default -> "the sum over all primaries, each estimated by itself";
        };
    }

    /** Returns a report that has only the estimate of the reclaimed memory; all other values are unknown. */
    private static SweepMemory ofEstimate(
            int estimatedRuns,
            @Nullable Long reclaimedBytes,
            @Nullable ReclaimedBytesMethod method,
            @Nullable String explanation) {
        return new SweepMemory(
                estimatedRuns,
                reclaimedBytes,
                method,
                explanation,
                /* rssBefore= */ null,
                /* rssAfter= */ null,
                /* keysBefore= */ null,
                /* keysAfter= */ null,
                /* expiresBefore= */ null,
                /* expiresAfter= */ null,
                /* inflow= */ null,
                /* expiredElsewhere= */ null,
                /* evicted= */ null,
                /* processBefore= */ null,
                /* processAfter= */ null);
    }

    /**
     * Returns the explanation of the estimate. If the estimate leaves out runs, the text says so.
     *
     * @param startedRuns number of runs that have begun
     * @return the explanation in words for users, or null if there is no estimate
     */
    public @Nullable String explanation(int startedRuns) {
        if (explanation == null || estimatedRuns == 0 || startedRuns <= estimatedRuns) {
            return explanation;
        }
        return explanation + "; known for " + estimatedRuns + " of " + startedRuns + " runs only: "
                + (startedRuns - estimatedRuns == 1
                        ? "the other was interrupted, or has no estimate"
                        : "the others were interrupted, or have no estimate");
    }

    /** Adds two values. An unknown value is left out; the sum is null if both are unknown. */
    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        if (one == null) {
            return other;
        }
        return other == null ? one : (Long) (one + other);
    }

    /**
     * Returns the less reliable of two methods, or {@code UNKNOWN} if both are null. The enum lists the most reliable
     * method first.
     */
    private static ReclaimedBytesMethod leastReliable(
            @Nullable ReclaimedBytesMethod one, @Nullable ReclaimedBytesMethod other) {
        return Stream.of(one, other)
                .filter(Objects::nonNull)
                .max(ReclaimedBytesMethod::compareTo)
                .orElse(ReclaimedBytesMethod.UNKNOWN);
    }
}

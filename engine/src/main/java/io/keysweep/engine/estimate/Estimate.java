package io.keysweep.engine.estimate;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.insight.Insight;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports how many dead keys (expired keys that still use memory) one server holds, and what a sweep would cost.
 *
 * @param nodeId the server of the request, {@code host:port} or the path of a Unix socket
 * @param countedOn the server that was read, in the form of {@code nodeId}: a replica of the requested server, or the
 *     requested server itself
 * @param method how the number of dead keys was determined
 * @param flavour the product family of the server that was read
 * @param version the version of the server that was read, for example {@code 7.0.15}
 * @param keys the number of keys on the server that was read, including dead keys
 * @param volatileKeys the number of these keys that have a TTL; only they can be dead
 * @param dead the most likely number of dead keys at the start, or their counted number if {@code exact}
 * @param lowest the lower end of the 95 % interval of {@code dead}
 * @param highest the upper end of the 95 % interval of {@code dead}
 * @param exact whether {@code dead} is a count: the request asked for one, and every key on a replica was visited.
 *     It is false for a sample, even if it has visited all keys, and if the number of keys has changed during the count
 * @param sampledKeys about how many keys, live and dead, are in the parts of the databases that were visited
 * @param calls the number of SCAN calls
 * @param reclaimed the number of dead keys that a sample on a primary has removed; 0 on a replica
 * @param expirableHashes the number of hashes with fields that have a TTL, as the server reports it. A sweep reclaims
 *     no expired fields, so they are not in {@code dead}
 * @param deadBytes the bytes that the dead keys use if their size is average: dead × used_memory_dataset / keys; null
 *     if keys are dead and the server does not report used_memory_dataset
 * @param cost the estimated cost of a sweep
 * @param insight the kinds of keys and when they die; null unless it was requested. It has more prefixes than were
 *     requested, see {@link EstimateTotal#insight}
 * @param advice the cheapest way to deal with the dead keys; null if there is no insight
 */
public record Estimate(
        String nodeId,
        String countedOn,
        Method method,
        Flavour flavour,
        String version,
        long keys,
        long volatileKeys,
        long dead,
        long lowest,
        long highest,
        boolean exact,
        long sampledKeys,
        long calls,
        long reclaimed,
        long expirableHashes,
        @Nullable Long deadBytes,
        SweepCost cost,
        @Nullable Insight insight,
        @Nullable Advice advice) {

    /** States how the number of dead keys was determined. */
    public enum Method {
        /** Every key on a replica was visited; removes nothing. */
        REPLICA_PASS,
        /** A sample of the keys on a replica was visited, in small databases all keys; removes nothing. */
        REPLICA_SAMPLE,
        /**
         * A sample of the keys on the primary was visited, in small databases all keys, which removed the dead keys
         * among them.
         */
        PRIMARY_SAMPLE
    }

    /** Returns the same estimate with another advice. */
    Estimate with(Advice newAdvice) {
        return new Estimate(
                nodeId,
                countedOn,
                method,
                flavour,
                version,
                keys,
                volatileKeys,
                dead,
                lowest,
                highest,
                exact,
                sampledKeys,
                calls,
                reclaimed,
                expirableHashes,
                deadBytes,
                cost,
                insight,
                newAdvice);
    }

    /** Returns the part of the keys with a TTL that is dead, from 0 to 1; 0 if no key has a TTL. */
    public double shareOfVolatile() {
        return volatileKeys == 0 ? 0 : Math.min(1, dead / (double) volatileKeys);
    }

    /** Returns the sum of the {@link #deadBytes} of all estimates; null if an estimate has none. */
    public static @Nullable Long deadBytes(List<Estimate> estimates) {
        long sum = 0;
        for (Estimate estimate : estimates) {
            Long bytes = estimate.deadBytes;
            if (bytes == null) {
                return null;
            }
            sum += bytes;
        }
        return sum;
    }
}

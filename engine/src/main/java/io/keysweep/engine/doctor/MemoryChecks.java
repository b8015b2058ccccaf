package io.keysweep.engine.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks for the doctor whether a sweep is worthwhile, and whether the operating system gets the freed memory back.
 *
 * <p>A sweep removes expired keys, which frees their memory inside the server process. The doctor reports each result
 * as a finding: a stable id, a severity, a sentence and one action. No finding of this class is a problem, which would
 * prevent a sweep.
 */
final class MemoryChecks {

    /** The part of maxmemory above which the server is near its limit. */
    private static final double NEAR_LIMIT_PART = 0.9;

    /**
     * The ratio of the memory that the process occupies to the memory that it has requested. Above this value, the
     * process may keep freed memory.
     */
    private static final double MAX_FRAGMENTATION_RATIO = 1.5;

    /**
     * The size in bytes below which the fragmentation ratio says nothing, because the program itself outweighs the
     * data.
     */
    private static final long MIN_BYTES_FOR_RATIO = 64L << 20;

    private MemoryChecks() {}

    /** Returns the findings for one server, in a fixed order. */
    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        MemoryState memory = facts.memory();
        checkLimit(facts, memory, findings);
        if (memory.usedBytes() > MIN_BYTES_FOR_RATIO && memory.fragmentationRatio() > MAX_FRAGMENTATION_RATIO) {
            findings.add(Finding.warning(
                    "fragmented",
                    String.format(
                            Locale.ROOT,
                            "mem_fragmentation_ratio is %.2f: freed memory may stay with the process.",
                            memory.fragmentationRatio()),
                    "Where the server supports it: CONFIG SET activedefrag yes"));
        }
        // Behind a proxy, INFO counts the keys with a TTL of only one server.
        if (facts.split() == null) {
            findings.add(volatileKeysFinding(facts));
        }
        checkHashFields(facts, findings);
        return findings;
    }

    /** Adds a finding if hashes have fields with a TTL, which a sweep does not remove. */
    private static void checkHashFields(ServerFacts facts, List<Finding> findings) {
        if (facts.expirableHashes() > 0) {
            findings.add(Finding.info(
                    "expirable-fields",
                    String.format(
                            Locale.ROOT,
                            "%,d %s fields with a TTL; a sweep reclaims expired keys, but no expired fields.",
                            facts.expirableHashes(),
                            facts.expirableHashes() == 1 ? "hash has" : "hashes have"),
                    "None. The server removes expired fields itself; see its active-expire-effort."));
        }
    }

    /** Adds findings if the server is near maxmemory or evicts keys. */
    private static void checkLimit(ServerFacts facts, MemoryState memory, List<Finding> findings) {
        if (memory.limitBytes() > 0 && memory.usedBytes() > NEAR_LIMIT_PART * memory.limitBytes()) {
            findings.add(Finding.warning(
                    "near-memory-limit",
                    String.format(
                            Locale.ROOT,
                            "The server uses %.0f %% of maxmemory (%,d bytes); at the limit, the policy %s applies.",
                            // The percentage is rounded down, so that 100 % means that the limit is reached.
                            Math.floor(100.0 * memory.usedBytes() / memory.limitBytes()),
                            memory.limitBytes(),
                            memory.policy()),
                    facts.volatileKeys() > 0
                            ? "Sweep soon, or raise maxmemory."
                            : "Raise maxmemory. No key has a TTL, so a sweep frees no memory."));
        }
        // If no key has a TTL, a sweep cannot free memory.
        if (memory.evictedKeys() > 0 && facts.volatileKeys() > 0) {
            // As long as the expiry cycle has taken no time, the estimate is 0, even if many keys have expired.
            String staleKeysNote = facts.info()
                    .text("expired_stale_perc")
                    .filter(percent -> !facts.info().is("expire_cycle_cpu_milliseconds", "0"))
                    .map(percent -> "; by its own estimate, " + percent + " % of the keys with a TTL have expired")
                    .orElse("");
            findings.add(Finding.warning(
                    "evicting",
                    String.format(
                            Locale.ROOT,
                            "The server has evicted %,d %s for lack of memory (%s)%s.",
                            memory.evictedKeys(),
                            memory.evictedKeys() == 1 ? "key" : "keys",
                            memory.policy(),
                            staleKeysNote),
                    "Sweep if keysweep estimate finds expired keys: live keys are evicted for their memory."));
        }
    }

    /**
     * Returns a part of a whole in percent with one decimal, such as {@code 12.5 %}. Instead of rounding a part below
     * the whole up to 100 %, it returns {@code over 99.9 %}. Instead of rounding a part above 0 down to 0 %, it returns
     * {@code under 0.1 %}.
     */
    static String percent(long part, long whole) {
        double percent = 100.0 * part / whole;
        if (part < whole && percent > 99.9) {
            return "over 99.9 %";
        }
        return part > 0 && percent < 0.1 ? "under 0.1 %" : String.format(Locale.ROOT, "%.1f %%", percent);
    }

    /** Returns the finding that says how many keys can expire at all. */
    private static Finding volatileKeysFinding(ServerFacts facts) {
        long keys = facts.keys();
        long keysWithTtl = facts.volatileKeys();
        if (keysWithTtl == 0) {
            return Finding.info(
                    "nothing-expires",
                    switch ((int) Math.min(keys, 2)) {
                        case 0 -> "The server has no keys.";
                        case 1 -> "The only key has no TTL.";
                        default -> String.format(Locale.ROOT, "None of the %,d keys has a TTL.", keys);
                    },
                    "None. There is no key to sweep.");
        }
        return Finding.info(
                "volatile-share",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d %s (%s) %s a TTL; only %s can expire.",
                        keysWithTtl,
                        keys,
                        keys == 1 ? "key" : "keys",
                        percent(keysWithTtl, keys),
                        keysWithTtl == 1 ? "has" : "have",
                        keysWithTtl == 1 ? "this one" : "these"),
                "Run keysweep estimate to see how many have expired."
                        + " If nearly all have, the server's own expiry is cheaper.");
    }
}

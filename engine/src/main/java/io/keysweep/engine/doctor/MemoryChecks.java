package io.keysweep.engine.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What memory tells: whether a sweep is worth it, and when its gain is seen. */
final class MemoryChecks {

    private static final double NEAR_LIMIT = 0.9;
    private static final double FRAGMENTED = 1.5;
    /** Below this the ratio says nothing: the program itself weighs more than its data. */
    private static final long WORTH_A_RATIO = 64L << 20;

    private MemoryChecks() {}

    static List<Finding> of(ServerFacts facts) {
        List<Finding> findings = new ArrayList<>();
        MemoryState memory = facts.memory();
        limit(facts, memory, findings);
        if (memory.usedBytes() > WORTH_A_RATIO && memory.fragmentationRatio() > FRAGMENTED) {
            findings.add(Finding.warning(
                    "fragmented",
                    String.format(
                            Locale.ROOT,
                            "mem_fragmentation_ratio is %.2f: freed memory may stay with the process.",
                            memory.fragmentationRatio()),
                    "CONFIG SET activedefrag yes, where the server supports it."));
        }
        findings.add(volatileKeys(facts));
        return findings;
    }

    private static void limit(ServerFacts facts, MemoryState memory, List<Finding> findings) {
        if (memory.limitBytes() > 0 && memory.usedBytes() > NEAR_LIMIT * memory.limitBytes()) {
            findings.add(Finding.warning(
                    "near-memory-limit",
                    String.format(
                            Locale.ROOT,
                            "It uses %.0f %% of maxmemory (%,d bytes); at the limit %s holds.",
                            100.0 * memory.usedBytes() / memory.limitBytes(),
                            memory.limitBytes(),
                            memory.policy()),
                    "Sweep soon, or raise maxmemory."));
        }
        if (memory.evictedKeys() > 0 && facts.volatileKeys() > 0) {
            String stale = facts.info()
                    .text("expired_stale_perc")
                    .map(percent -> " while it reckons " + percent + " % of the keys with a TTL to be dead")
                    .orElse("");
            findings.add(Finding.warning(
                    "evicting",
                    String.format(
                            Locale.ROOT,
                            "It has evicted %,d keys for memory (%s)%s.",
                            memory.evictedKeys(),
                            memory.policy(),
                            stale),
                    "Sweep: dead keys hold memory that living ones are evicted for."));
        }
    }

    private static Finding volatileKeys(ServerFacts facts) {
        long keys = facts.keys();
        long expiring = facts.volatileKeys();
        if (expiring == 0) {
            return Finding.info(
                    "nothing-expires",
                    String.format(Locale.ROOT, "None of its %,d keys has a TTL.", keys),
                    "None: there is nothing to sweep.");
        }
        return Finding.info(
                "volatile-share",
                String.format(
                        Locale.ROOT,
                        "%,d of its %,d keys (%.1f %%) have a TTL; only these can be dead.",
                        expiring,
                        keys,
                        100.0 * expiring / keys),
                "See how many are: keysweep estimate. Where nearly all are, the server's own expiry is cheaper.");
    }
}

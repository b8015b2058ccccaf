package io.keysweep.engine.doctor;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.advice.ExpirySituation;
import io.keysweep.engine.estimate.ExpirySettings;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.sweep.ServerIdentity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates the doctor's advice about dead keys (expired keys that still hold memory), and the finding about it.
 *
 * <p>The server itself estimates its dead keys from the samples of its own expiry ({@code expired_stale_perc}). It does
 * not report how many keys expire per second, so the finding names the command that measures this. A server whose
 * expiry has not worked yet has no estimate.
 */
final class AdviceCheck {

    /**
     * The finding about a server whose own expiry has checked next to no keys so far, so that its estimate says
     * nothing. INFO shows the time of its cycles, but not whether {@code DEBUG SET-ACTIVE-EXPIRE} has switched it off.
     */
    private static final Finding NO_ESTIMATE = Finding.info(
            "advice",
            "The server's own estimate of dead keys (expired_stale_perc) says nothing: its own expiry has taken no time"
                    + " yet (expire_cycle_cpu_milliseconds 0). It was started or reset lately, has little to do, or its"
                    + " expiry is switched off (DEBUG SET-ACTIVE-EXPIRE 0).",
            "Run 'keysweep estimate --ttl' to see how many keys are dead.");

    private static final String OF_SERVER =
            "By the server's own estimate (expired_stale_perc), about %,d %s dead; %,d do no harm.";

    private static final String OF_SERVERS =
            "By the servers' own estimates (expired_stale_perc), about %,d %s dead; %,d do no harm.";

    private AdviceCheck() {}

    /**
     * Returns the advice for a server. Returns null for a replica, behind a proxy, without keys with a TTL, or if the
     * server's estimate of its dead keys is missing or says nothing.
     */
    static @Nullable Advice advice(ServerFacts facts) {
        Optional<Double> stale = stalePercent(facts);
        if (!isApplicable(facts) || stale.isEmpty() || hasTakenNoTime(facts)) {
            return null;
        }
        ServerIdentity identity = facts.identity();
        ExpirySettings expiry = ExpirySettings.of(identity, facts.info(), facts.settings());
        return Advice.of(new ExpirySituation(
                facts.keys(),
                facts.volatileKeys(),
                dead(facts, stale.get()),
                /* inflowPerSecond= */ null,
                expiry.cycle(),
                /* cycleRuns= */ true,
                /* efficiency= */ 1,
                expiry.access(),
                SweepCost.of(facts.keys(), identity.flavour(), identity.version())
                        .microsPerKey()));
    }

    /**
     * Returns one finding, or none: there is none for a replica, behind a proxy, without keys with a TTL, or if the
     * server does not estimate its dead keys.
     *
     * @param advice the result of {@link #advice} for the same facts
     */
    static List<Finding> of(ServerFacts facts, @Nullable Advice advice) {
        Optional<Double> stale = stalePercent(facts);
        if (!isApplicable(facts) || stale.isEmpty()) {
            return List.of();
        }
        if (advice == null) {
            return List.of(NO_ESTIMATE);
        }
        return List.of(finding(OF_SERVER, dead(facts, stale.get()), advice));
    }

    /**
     * Returns the finding about all servers of a deployment together.
     *
     * @param dead the number of dead keys by the servers' own estimates
     * @param advice the advice for all servers together
     */
    static Finding ofAll(long dead, Advice advice) {
        return finding(OF_SERVERS, dead, advice);
    }

    private static Finding finding(String format, long dead, Advice advice) {
        return Finding.info(
                "advice",
                String.format(Locale.ROOT, format, dead, dead == 1 ? "key is" : "keys are", advice.toleratedBacklog())
                        + " " + advice.basis(),
                advice.sentence());
    }

    /** Returns the number of dead keys by the server's own estimate; null if the server does not estimate it. */
    static @Nullable Long dead(ServerFacts facts) {
        return stalePercent(facts).map(percent -> dead(facts, percent)).orElse(null);
    }

    /** Returns whether INFO describes a single primary that has keys with a TTL. */
    private static boolean isApplicable(ServerFacts facts) {
        return !facts.isReplica() && facts.split() == null && facts.volatileKeys() > 0;
    }

    /** Returns whether the server's own expiry has taken no time since the server was started or reset. */
    private static boolean hasTakenNoTime(ServerFacts facts) {
        return facts.info().is("expire_cycle_cpu_milliseconds", "0");
    }

    private static long dead(ServerFacts facts, double stalePercent) {
        return Math.round(stalePercent / 100 * facts.volatileKeys());
    }

    private static Optional<Double> stalePercent(ServerFacts facts) {
        return facts.info()
                .text("expired_stale_perc")
                .filter(text -> text.matches("\\d{1,3}(\\.\\d{1,9})?"))
                .map(Double::parseDouble)
                .filter(percent -> percent <= 100);
    }
}

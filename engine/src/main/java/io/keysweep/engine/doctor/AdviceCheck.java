package io.keysweep.engine.doctor;

import io.keysweep.engine.advice.Advice;
import io.keysweep.engine.advice.ExpirySituation;
import io.keysweep.engine.estimate.SweepCost;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.reclaim.ServerVersion;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Creates the doctor's finding with advice about dead keys (expired keys that still hold memory).
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

    private AdviceCheck() {}

    /**
     * Returns one finding, or none. There is none for a replica, behind a proxy, without keys with a TTL, or if the
     * server does not estimate its dead keys.
     */
    static List<Finding> of(ServerFacts facts) {
        Optional<Double> stale = stalePercent(facts);
        if (facts.isReplica() || facts.split() != null || stale.isEmpty() || facts.volatileKeys() == 0) {
            return List.of();
        }
        if (facts.info().is("expire_cycle_cpu_milliseconds", "0")) {
            return List.of(NO_ESTIMATE);
        }

        ServerIdentity identity = facts.identity();
        long dead = Math.round(stale.get() / 100 * facts.volatileKeys());
        boolean hasEffortSetting = identity.flavour() != Flavour.REDIS
                || ServerVersion.parse(identity.version()).isAtLeast(6, 0);
        Advice advice = Advice.of(new ExpirySituation(
                facts.keys(),
                facts.volatileKeys(),
                dead,
                /* inflowPerSecond= */ null,
                cycle(facts.settings(), hasEffortSetting),
                /* cycleRuns= */ true,
                hasEffortSetting,
                SweepCost.of(facts.keys(), identity.flavour(), identity.version())
                        .microsPerKey()));

        return List.of(Finding.info(
                "advice",
                String.format(
                        Locale.ROOT,
                        "By the server's own estimate (expired_stale_perc), about %,d %s dead; %,d do no harm.",
                        dead,
                        dead == 1 ? "key is" : "keys are",
                        advice.toleratedBacklog()),
                advice.sentence()));
    }

    private static ExpiryCycle cycle(ServerSettings settings, boolean hasEffortSetting) {
        int hz = numberOr(settings.value(ServerSettings.HZ), ExpiryCycle.DEFAULT_HZ);
        return hasEffortSetting
                ? ExpiryCycle.withEffort(hz, numberOr(settings.value(ServerSettings.EFFORT), /* otherwise= */ 1))
                : ExpiryCycle.withoutEffort(hz);
    }

    private static int numberOr(String value, int otherwise) {
        return value.matches("\\d{1,6}") ? Integer.parseInt(value) : otherwise;
    }

    private static Optional<Double> stalePercent(ServerFacts facts) {
        return facts.info()
                .text("expired_stale_perc")
                .filter(text -> text.matches("\\d{1,3}(\\.\\d{1,9})?"))
                .map(Double::parseDouble)
                .filter(percent -> percent <= 100);
    }
}

package io.keysweep.engine.advice;

import io.keysweep.engine.advice.Advice.AdvisedAction;
import io.keysweep.engine.advice.Advice.Option;
import io.keysweep.engine.insight.ExpiryCycle;
import org.jspecify.annotations.Nullable;

/** Builds situations of servers for tests, and finds options in an advice. */
final class Situations {

    private Situations() {}

    /** Returns the situation of a server with default settings, on which sweeping a key takes 1.8 µs. */
    static ExpirySituation of(
            long keys, long volatileKeys, long dead, @Nullable Double inflow, SettingsAccess settings) {
        return new ExpirySituation(
                keys,
                volatileKeys,
                dead,
                inflow,
                ExpiryCycle.withEffort(/* hz= */ 10, /* effort= */ 1),
                /* cycleRuns= */ true,
                /* efficiency= */ 1,
                settings,
                /* microsPerKey= */ 1.8);
    }

    /** Returns the option with this action, which the advice must have. */
    static Option option(Advice advice, AdvisedAction action) {
        return advice.options().stream()
                .filter(option -> option.action() == action)
                .findFirst()
                .orElseThrow();
    }
}

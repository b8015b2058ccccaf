package io.keysweep.server.estimate;

import io.keysweep.api.AdviceView;
import io.keysweep.engine.advice.Advice;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Converts the advice on how to keep the backlog (the number of dead keys) small to the view of the native API. */
public final class AdviceViews {

    private AdviceViews() {}

    /** Converts the advice; null for null. */
    public static @Nullable AdviceView view(@Nullable Advice advice) {
        return advice == null
                ? null
                : new AdviceView(
                        advice.action().name(),
                        advice.sentence(),
                        advice.basis(),
                        advice.toleratedBacklog(),
                        advice.inflowPerSecond() != null,
                        advice.inflowPerSecond(),
                        advice.settingsRefused(),
                        advice.expiryOff(),
                        advice.options().stream().map(AdviceViews::option).toList());
    }

    private static AdviceView.Option option(Advice.Option option) {
        Duration interval = option.interval();
        return new AdviceView.Option(
                option.action().name(),
                option.expectedBacklog(),
                option.serverSecondsPerDay(),
                option.longestPauseMillis(),
                option.setting(),
                interval == null ? null : Long.valueOf(interval.toSeconds()),
                option.enough());
    }
}

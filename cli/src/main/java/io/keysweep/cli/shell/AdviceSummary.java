package io.keysweep.cli.shell;

import io.keysweep.api.AdviceView;
import io.keysweep.api.text.Amounts;
import io.keysweep.engine.advice.Advice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats the advice on dead keys (expired keys that still hold memory) as text. */
public final class AdviceSummary {

    private AdviceSummary() {}

    /**
     * Returns the advice, how sure it is, and one line for each option, see {@link #options}. Returns no lines if there
     * is no advice.
     */
    public static List<String> lines(@Nullable Advice advice) {
        List<String> lines = new ArrayList<>();
        if (advice != null) {
            lines.add("  advice     " + advice.sentence());
            lines.add("  basis      " + advice.basis());
            lines.addAll(options(advice, "    "));
        }
        return lines;
    }

    /** Returns one line for each option, with its expected backlog, its cost and its longest pause. */
    public static List<String> options(Advice advice, String indentation) {
        return advice.options().stream()
                .map(option -> indentation + line(option))
                .toList();
    }

    /** Returns one line for each option of an advice of the service, see {@link #options(Advice, String)}. */
    public static List<String> options(AdviceView advice, String indentation) {
        return advice.options().stream()
                .map(option -> indentation
                        + line(
                                option.action(),
                                option.setting(),
                                option.intervalSeconds() == null ? null : Duration.ofSeconds(option.intervalSeconds()),
                                option.expectedBacklog(),
                                option.serverSecondsPerDay(),
                                option.longestPauseMillis(),
                                option.enough()))
                .toList();
    }

    private static String line(Advice.Option option) {
        return line(
                option.action().name(),
                option.setting(),
                option.interval(),
                option.expectedBacklog(),
                option.serverSecondsPerDay(),
                option.longestPauseMillis(),
                option.enough());
    }

    private static String line(
            String action,
            @Nullable String setting,
            @Nullable Duration interval,
            @Nullable Long expectedBacklog,
            double serverSecondsPerDay,
            @Nullable Double longestPauseMillis,
            boolean enough) {
        String name = action.toLowerCase(Locale.ROOT).replace('_', ' ');
        String detail = interval == null ? setting : "every " + Amounts.duration(interval);
        Duration cost = Duration.ofMillis(Math.round(serverSecondsPerDay * 1e3));
        return name + (detail == null ? "" : " (" + detail + ")") + ": "
                + (expectedBacklog == null
                        ? "the backlog grows without end"
                        : Amounts.count(expectedBacklog, "dead key"))
                + (cost.isZero() ? "" : ", about " + Amounts.duration(cost) + " of the server's time a day")
                + (longestPauseMillis == null ? "" : ", pauses up to " + Amounts.millis(longestPauseMillis))
                + (enough ? "" : "; not enough");
    }
}

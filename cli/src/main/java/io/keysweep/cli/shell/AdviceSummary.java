package io.keysweep.cli.shell;

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

    private static String line(Advice.Option option) {
        String name = option.action().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String detail = option.setting();
        if (option.interval() != null) {
            detail = "every " + Amounts.duration(option.interval());
        }
        Duration cost = Duration.ofMillis(Math.round(option.serverSecondsPerDay() * 1e3));
        return name + (detail == null ? "" : " (" + detail + ")") + ": "
                + (option.expectedBacklog() == null
                        ? "the backlog grows without end"
                        : Amounts.count(option.expectedBacklog(), "dead key"))
                + (cost.isZero() ? "" : ", about " + Amounts.duration(cost) + " of the server's time a day")
                + (option.longestPauseMillis() == null
                        ? ""
                        : ", pauses up to " + Amounts.millis(option.longestPauseMillis()))
                + (option.enough() ? "" : "; not enough");
    }
}

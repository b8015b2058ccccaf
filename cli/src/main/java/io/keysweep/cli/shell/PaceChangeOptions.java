package io.keysweep.cli.shell;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options that change how fast a scan or sweep may go.
 *
 * <p>A sweep makes steps, each a call that keeps the server busy. The pace is the stall budget (longest time of a
 * step), the share (part of the server's main-thread time for all steps) and a maximum rate. Settings without an option
 * stay as they are.
 */
public final class PaceChangeOptions {

    /** Largest number of milliseconds that is converted: 100 s, far more than any valid stall budget. */
    private static final long MAX_CONVERTED_MILLIS = 100_000;

    private static final int NANO_DIGITS_PER_MILLI = 6;

    /** Finds the decimal that Java adds to a whole number, as in {@code shareCeiling is 2.0,}. */
    private static final String WHOLE_NUMBER = "(?<= is -?\\d{1,9})\\.0(?=,)";

    /** Finds the stall budget in a message of the engine, as an ISO 8601 duration: {@code stallBudget is PT0S,}. */
    private static final Pattern STALL_BUDGET = Pattern.compile("stallBudget is (P\\S+?)(?=,)");

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "gentle, balanced or full: sets stall budget and share; the options below override it")
    private @Nullable PaceProfile profile;

    @Option(
            names = "--stall-budget",
            paramLabel = "MILLIS",
            description = "longest time in milliseconds that one step may keep the server busy")
    private @Nullable BigDecimal stallBudgetMillis;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            description = "largest share of the server's time, above 0 up to 1")
    private @Nullable BigDecimal share;

    @Option(names = "--max-rate", paramLabel = "KEYS", description = "maximum number of keys visited per second")
    private @Nullable Long maxRate;

    @Option(names = "--no-max-rate", description = "remove the limit of --max-rate")
    private boolean noMaxRate;

    /** Returns whether the user has given at least one option. */
    public boolean isGiven() {
        return profile != null || stallBudgetMillis != null || share != null || maxRate != null || noMaxRate;
    }

    /**
     * Returns the given options as JSON fields of a request: {@code profile}, {@code stallBudgetMs}, {@code share} and
     * {@code rateCeiling} (keys per second). The value null for {@code rateCeiling} removes the ceiling. The values are
     * not checked, because the receiver of the request does so.
     *
     * @throws CommandFailure if no option is given, or if {@code --max-rate} and {@code --no-max-rate} are both given
     */
    public Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (profile != null) {
            fields.put("profile", profile.name().toLowerCase(Locale.ROOT));
        }
        if (stallBudgetMillis != null) {
            fields.put("stallBudgetMs", stallBudgetMillis);
        }
        if (share != null) {
            fields.put("share", share);
        }
        ExclusiveOptions.refuseBoth("--max-rate", maxRate != null, "--no-max-rate", noMaxRate);
        if (maxRate != null) {
            fields.put("rateCeiling", maxRate);
        } else if (noMaxRate) {
            fields.put("rateCeiling", null);
        }
        if (!isGiven()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "nothing to change: give at least one of --profile, --stall-budget, --share, --max-rate and"
                            + " --no-max-rate");
        }
        return fields;
    }

    /**
     * Converts a stall budget in milliseconds to a duration. A number beyond ±100 s becomes ±100 s, so that it fits
     * into a duration; the check of the pace then refuses it. A part below a nanosecond is cut off.
     */
    public static Duration stallBudget(BigDecimal millis) {
        BigDecimal withinRange =
                millis.min(BigDecimal.valueOf(MAX_CONVERTED_MILLIS)).max(BigDecimal.valueOf(-MAX_CONVERTED_MILLIS));
        return Duration.ofNanos(
                withinRange.movePointRight(NANO_DIGITS_PER_MILLI).longValue());
    }

    /**
     * Translates a message with which the engine has refused a pace: replaces its names and values by the options and
     * their values. For example, {@code stallBudget is PT0S} becomes {@code --stall-budget is 0 ms}. Other text is not
     * changed. Also translates {@code --max-evictions}, an option of {@code keysweep sweep}.
     */
    public static String inWordsOfOptions(String message) {
        return STALL_BUDGET
                .matcher(message)
                .replaceAll(match -> "--stall-budget is "
                        + BigDecimal.valueOf(Duration.parse(match.group(1)).toNanos(), NANO_DIGITS_PER_MILLI)
                                .stripTrailingZeros()
                                .toPlainString()
                        + " ms")
                .replaceAll(WHOLE_NUMBER, "")
                .replace("shareCeiling", "--share")
                .replace("rateCeiling", "--max-rate")
                .replace("evictions", "--max-evictions");
    }
}

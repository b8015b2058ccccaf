package io.keysweep.cli.shell;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be changed of a pace; what is left out stays as it is. */
public final class PaceChangeOptions {

    /** Named stall budgets and shares. */
    enum Profile {
        GENTLE,
        BALANCED,
        FULL
    }

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "gentle, balanced or full: stall budget and share at once; the numbers below go before it")
    private @Nullable Profile profile;

    @Option(
            names = "--stall-budget",
            paramLabel = "MILLIS",
            description = "longest time one step may keep the server busy")
    private @Nullable BigDecimal stallBudgetMillis;

    @Option(
            names = "--share",
            paramLabel = "SHARE",
            description = "largest share of the server's time, above 0 up to 1")
    private @Nullable BigDecimal share;

    @Option(names = "--max-rate", paramLabel = "KEYS", description = "most keys visited a second")
    private @Nullable Long maxRate;

    @Option(names = "--no-max-rate", description = "no such limit any more")
    private boolean noMaxRate;

    /** Whether there is anything to change. */
    public boolean given() {
        return profile != null || stallBudgetMillis != null || share != null || maxRate != null || noMaxRate;
    }

    /**
     * The fields of a request to change the pace.
     *
     * @throws CommandFailure if there is nothing to change
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
        if (maxRate != null) {
            if (noMaxRate) {
                throw new CommandFailure(ExitCode.USAGE, "--max-rate and --no-max-rate exclude each other");
            }
            fields.put("rateCeiling", maxRate);
        } else if (noMaxRate) {
            fields.put("rateCeiling", null);
        }
        if (!given()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "nothing to change: give one at least of --profile, --stall-budget, --share, --max-rate and"
                            + " --no-max-rate");
        }
        return fields;
    }
}

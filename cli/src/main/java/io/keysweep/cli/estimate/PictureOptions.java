package io.keysweep.cli.estimate;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DependentOption;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Defines the options of {@code keysweep estimate} that read TTLs, sizes and prefixes of the sampled keys. */
final class PictureOptions {

    private static final Duration DEFAULT_FORECAST = Duration.ofHours(24);
    private static final Duration DEFAULT_STEP = Duration.ofMinutes(10);
    private static final String DEFAULT_SEPARATOR = ":";
    private static final int DEFAULT_DEPTH = 1;

    /** The number of prefixes that are shown by default. */
    private static final int DEFAULT_TOP = 20;

    @Option(
            names = "--ttl",
            description = {
                "also read TTL, type and size of the sampled keys: how long they live, a forecast of when they die, and"
                        + " what to do. Needs +pttl +type +memory|usage and read access to the keys"
            })
    private boolean ttl;

    // An option that the user has not given is null, and request() then uses its default. A given option is refused
    // without the option that it belongs to.

    @Option(
            names = "--forecast",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "with --ttl: length of the forecast (default: 24h)")
    private @Nullable Duration forecast;

    @Option(
            names = "--step",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "with --ttl: length of one time slot of the forecast (default: 10m)")
    private @Nullable Duration step;

    @Option(
            names = "--prefixes",
            description =
                    "as --ttl, and show who leaves dead keys: count the keys by prefix, the beginning of the name."
                            + " Prefixes leave the server, and names of dead keys if it publishes them")
    private boolean prefixes;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            description = "with --prefixes: text that separates the parts of a name (default: :)")
    private @Nullable String separator;

    @Option(
            names = "--depth",
            paramLabel = "PARTS",
            description = "with --prefixes: number of parts that make a prefix (default: 1)")
    private @Nullable Integer depth;

    @Option(
            names = "--top",
            paramLabel = "NUMBER",
            description = "with --prefixes: number of prefixes to show (default: 20)")
    private @Nullable Integer top;

    /**
     * Returns the request to read TTLs, sizes and prefixes of the sampled keys; null to read none.
     *
     * @throws CommandFailure if a value is outside its range, or if an option is given without the option that it
     *     belongs to
     */
    @Nullable PictureRequest request() {
        DependentOption.refuseAlone("--forecast", forecast != null, "--ttl or --prefixes", ttl || prefixes);
        DependentOption.refuseAlone("--step", step != null, "--ttl or --prefixes", ttl || prefixes);
        DependentOption.refuseAlone("--separator", separator != null, "--prefixes", prefixes);
        DependentOption.refuseAlone("--depth", depth != null, "--prefixes", prefixes);
        DependentOption.refuseAlone("--top", top != null, "--prefixes", prefixes);
        if (!ttl && !prefixes) {
            return null;
        }
        try {
            return PictureRequest.of(
                    forecast == null ? DEFAULT_FORECAST : forecast,
                    step == null ? DEFAULT_STEP : step,
                    prefixes ? prefixRequest() : null);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, inWordsOfOptions(String.valueOf(e.getMessage())), e);
        }
    }

    private PrefixRequest prefixRequest() {
        return new PrefixRequest(
                separator == null ? DEFAULT_SEPARATOR : separator, depth == null ? DEFAULT_DEPTH : depth, top());
    }

    /** Replaces the name of a value at the beginning of an engine's message by the option for it. */
    private static String inWordsOfOptions(String message) {
        return message.replaceFirst("^(step|separator|depth|top)(?= )", "--$1");
    }

    /** Returns the number of prefixes to show. */
    int top() {
        return top == null ? DEFAULT_TOP : top;
    }
}

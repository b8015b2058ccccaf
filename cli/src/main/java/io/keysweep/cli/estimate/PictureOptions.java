package io.keysweep.cli.estimate;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.DurationConverter;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Defines the options of {@code keysweep estimate} that read TTLs, sizes and prefixes of the sampled keys. */
final class PictureOptions {

    /** The number of prefixes that are shown by default. */
    private static final int DEFAULT_TOP = 20;

    @Option(
            names = "--ttl",
            description = {
                "also read TTL, type and size of the sampled keys: how long they live, a forecast of when they die, and"
                        + " what to do. Needs +pttl +type +memory|usage and read access to the keys"
            })
    private boolean ttl;

    @Option(
            names = "--forecast",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "24h",
            description = "with --ttl: length of the forecast (default: ${DEFAULT-VALUE})")
    private Duration forecast = Duration.ofHours(24);

    @Option(
            names = "--step",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10m",
            description = "with --ttl: length of a step of the forecast (default: ${DEFAULT-VALUE})")
    private Duration step = Duration.ofMinutes(10);

    @Option(
            names = "--prefixes",
            description =
                    "as --ttl, and count the keys by prefix, the beginning of the name. Prefixes leave the" + " server")
    private boolean prefixes;

    @Option(
            names = "--separator",
            paramLabel = "TEXT",
            defaultValue = ":",
            description = "with --prefixes: ends a part of a name (default: ${DEFAULT-VALUE})")
    private String separator = ":";

    @Option(
            names = "--depth",
            paramLabel = "PARTS",
            defaultValue = "1",
            description = "with --prefixes: number of parts that make a prefix (default: ${DEFAULT-VALUE})")
    private int depth = 1;

    @Option(
            names = "--top",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "with --prefixes: number of prefixes to show (default: ${DEFAULT-VALUE})")
    private int top = DEFAULT_TOP;

    /**
     * Returns the request to read TTLs, sizes and prefixes of the sampled keys; null to read none.
     *
     * @throws CommandFailure if a value is outside its range
     */
    @Nullable PictureRequest request() {
        if (!ttl && !prefixes) {
            return null;
        }
        try {
            return PictureRequest.of(forecast, step, prefixes ? new PrefixRequest(separator, depth, top) : null);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, withOptionNames(String.valueOf(e.getMessage())), e);
        }
    }

    /** Replaces the name of a value at the beginning of an engine's message by the option for it. */
    private static String withOptionNames(String message) {
        return message.replaceFirst("^(step|separator|depth|top)(?= )", "--$1");
    }

    /** Returns the number of prefixes to show. */
    int top() {
        return top;
    }
}

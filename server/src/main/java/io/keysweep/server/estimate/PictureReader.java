package io.keysweep.server.estimate;

import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.Optional;

/** Reads from a request what an estimate should read of the sampled keys. */
final class PictureReader {

    private static final int MAX_FORECAST_MINUTES = 30 * 24 * 60;
    private static final int MAX_STEP_MINUTES = 24 * 60;
    private static final int DEFAULT_TOP = 20;

    private PictureReader() {}

    /** Returns what to read; empty for nothing. Adds a problem to the reader for each field that breaks its rule. */
    static Optional<PictureRequest> read(DocumentReader reader) {
        boolean picture = reader.flag("picture").orElse(true);
        int forecast =
                reader.integer("forecastMinutes", 1, MAX_FORECAST_MINUTES).orElse(24 * 60);
        int step = reader.integer("stepMinutes", 1, MAX_STEP_MINUTES).orElse(10);
        boolean divided = reader.flag("prefixes").orElse(false);
        PrefixRequest prefixes = prefixes(reader);
        if (Math.ceilDiv(forecast, step) > PictureRequest.MAX_STEPS) {
            reader.addProblem(
                    "stepMinutes",
                    Integer.toString(step),
                    Phrase.of(
                            "at least a {0}th of forecastMinutes, {1}",
                            PictureRequest.MAX_STEPS,
                            Math.ceilDiv(forecast, PictureRequest.MAX_STEPS)));
            return Optional.empty();
        }
        if (!picture && divided) {
            reader.addProblem("prefixes", " needs the picture, so picture must not be false");
        }
        return picture
                ? Optional.of(PictureRequest.of(
                        Duration.ofMinutes(forecast), Duration.ofMinutes(step), divided ? prefixes : null))
                : Optional.empty();
    }

    private static PrefixRequest prefixes(DocumentReader reader) {
        String separator =
                reader.printableText("separator", PrefixRequest.MAX_SEPARATOR).orElse(":");
        int depth = reader.integer("depth", 1, PrefixRequest.MAX_DEPTH).orElse(1);
        int top = reader.integer("top", 1, PrefixRequest.MAX_TOP).orElse(DEFAULT_TOP);
        return new PrefixRequest(separator, depth, top);
    }
}

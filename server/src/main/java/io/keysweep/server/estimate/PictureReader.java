package io.keysweep.server.estimate;

import io.keysweep.engine.insight.PictureRequest;
import io.keysweep.engine.insight.PrefixRequest;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads from a request for an estimate which picture of the sampled keys the client wants.
 *
 * <p>A picture shows TTLs, sizes and types of the keys, a forecast of when they expire, and counts by prefix of the
 * names.
 */
final class PictureReader {

    private static final int DEFAULT_FORECAST_MINUTES = 24 * 60;
    private static final int MAX_FORECAST_MINUTES = 30 * 24 * 60;
    private static final int DEFAULT_STEP_MINUTES = 10;
    private static final int MAX_STEP_MINUTES = 24 * 60;

    /** Default number of prefixes in the result: the prefixes with the most keys. */
    private static final int DEFAULT_TOP = 20;

    private PictureReader() {}

    /**
     * Returns the wanted picture; empty if the client wants none. Adds a problem to the reader for each field that
     * breaks its rule. The result must not be used then.
     */
    static Optional<PictureRequest> read(DocumentReader reader) {
        boolean wantsPicture = reader.flag("picture").orElse(true);
        int forecastMinutes =
                reader.integer("forecastMinutes", 1, MAX_FORECAST_MINUTES).orElse(DEFAULT_FORECAST_MINUTES);
        int stepMinutes = reader.integer("stepMinutes", 1, MAX_STEP_MINUTES).orElse(DEFAULT_STEP_MINUTES);
        boolean wantsPrefixes = reader.flag("prefixes").orElse(false);
        PrefixRequest prefixes = readPrefixes(reader);

        if (Math.ceilDiv(forecastMinutes, stepMinutes) > PictureRequest.MAX_STEPS) {
            reader.addProblem(
                    "stepMinutes",
                    Integer.toString(stepMinutes),
                    Phrase.of(
                            "at least a {0}th of forecastMinutes, {1}",
                            PictureRequest.MAX_STEPS, Math.ceilDiv(forecastMinutes, PictureRequest.MAX_STEPS)));
            return Optional.empty();
        }
        if (!wantsPicture && wantsPrefixes) {
            reader.addProblem("prefixes", Phrase.of(" need the picture: set picture to true, or leave it out."));
        }

        return wantsPicture
                ? Optional.of(PictureRequest.of(
                        Duration.ofMinutes(forecastMinutes),
                        Duration.ofMinutes(stepMinutes),
                        wantsPrefixes ? prefixes : null))
                : Optional.empty();
    }

    /** Reads how names are cut into prefixes; the fields are checked even if the client wants no prefixes. */
    private static PrefixRequest readPrefixes(DocumentReader reader) {
        String separator =
                reader.printableText("separator", PrefixRequest.MAX_SEPARATOR).orElse(":");
        int depth = reader.integer("depth", 1, PrefixRequest.MAX_DEPTH).orElse(1);
        int top = reader.integer("top", 1, PrefixRequest.MAX_TOP).orElse(DEFAULT_TOP);
        return new PrefixRequest(separator, depth, top);
    }
}

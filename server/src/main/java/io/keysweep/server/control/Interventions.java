package io.keysweep.server.control;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.DocumentReader;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Turns a request into who asked, why, and when. */
@Component
public final class Interventions {

    /** The field that every such body may have. */
    public static final List<String> FIELDS = List.of("reason");

    private static final int LONGEST_REASON = 500;

    private final InstantSource clock;

    Interventions(InstantSource clock) {
        this.clock = clock;
    }

    /** By the caller, now, for the {@code reason} of a body that has no other field and may be missing. */
    public Intervention of(Caller caller, @Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        Intervention intervention = of(caller, reader);
        return reader.requireValid(() -> intervention);
    }

    /** By the caller, now, for the field {@code reason}; what breaks its rule is noted there. */
    public Intervention of(Caller caller, DocumentReader body) {
        return new Intervention(
                caller.accessKey(),
                body.printableText("reason", LONGEST_REASON).orElse(null),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}

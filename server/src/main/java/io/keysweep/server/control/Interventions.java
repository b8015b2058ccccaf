package io.keysweep.server.control;

import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.DocumentReader;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads from a request who asks, why, and when. */
@Component
public final class Interventions {

    /** The field that the body of every such request may have. */
    public static final List<String> FIELDS = List.of("reason");

    private static final int MAX_REASON_LENGTH = 500;

    private final InstantSource clock;

    Interventions(InstantSource clock) {
        this.clock = clock;
    }

    /** Reads an intervention from a body whose only field is {@code reason}, and which may be missing. */
    public Intervention of(Caller caller, @Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        Intervention intervention = of(caller, reader);
        return reader.requireValid(() -> intervention);
    }

    /** Reads an intervention from the field {@code reason}; a broken rule is recorded in the reader. */
    public Intervention of(Caller caller, DocumentReader body) {
        return new Intervention(
                caller.accessKey(),
                body.printableText("reason", MAX_REASON_LENGTH).orElse(null),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}

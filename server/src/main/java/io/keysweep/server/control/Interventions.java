package io.keysweep.server.control;

import io.keysweep.server.iam.Caller;
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
        return of(caller, JsonFields.of(body, FIELDS));
    }

    /** By the caller, now, for the field {@code reason}. */
    public Intervention of(Caller caller, JsonFields body) {
        return new Intervention(
                caller.accessKey(),
                body.text("reason", LONGEST_REASON),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}

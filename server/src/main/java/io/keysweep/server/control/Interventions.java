package io.keysweep.server.control;

import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.request.DocumentReader;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Creates the {@link Intervention} of a request: who makes the request, why and when.
 *
 * <p>It consists of the access key of the caller, the field {@code reason} of the body, and the current time. The
 * reason also goes to the entry of the request in the audit log. Thread-safe.
 */
@Component
public final class Interventions {

    /** Names of the JSON fields that {@link #of} reads. */
    public static final List<String> FIELDS = List.of("reason");

    /** Length in characters of the SQL columns that contain a reason. */
    private static final int MAX_REASON_LENGTH = 500;

    private final InstantSource clock;

    Interventions(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Reads an intervention from a body whose only field is {@code reason}.
     *
     * @param body body of the request; null for a request without a body, which gives no reason
     * @throws io.keysweep.server.error.RequestRefusedException if the body has another field, or if the reason is not a
     *     text of 1 to 500 printable characters
     */
    public Intervention of(Caller caller, @Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        Intervention intervention = of(caller, reader);
        return reader.requireValid(() -> intervention);
    }

    /**
     * Reads an intervention from a body that may have other fields. A reason that is not valid is left out, and the
     * reader records the problem: call {@link DocumentReader#requireValid} before the intervention is used.
     */
    public Intervention of(Caller caller, DocumentReader body) {
        String reason = body.printableText("reason", MAX_REASON_LENGTH).orElse(null);
        AuditTrail.reason(reason);
        return new Intervention(caller.accessKey(), reason, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}

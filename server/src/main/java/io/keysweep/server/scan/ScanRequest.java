package io.keysweep.server.scan;

import io.keysweep.server.control.AssistMode;
import io.keysweep.server.control.PaceChange;
import io.keysweep.server.error.Phrase;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceId;
import io.keysweep.server.request.DocumentReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes the scan that a client wants to create, as in the body of {@code POST /api/v1/scans}.
 *
 * @param instanceId id of the instance to scan, which need not exist
 * @param timeout maximum duration of the scan, 1 s to 60 days; null for the timeout of the settings
 * @param assist whether the scan assists the servers (raises their settings), and whether it also sweeps them; null for
 *     {@link AssistMode#BEFORE} if the instance allows assist, otherwise for no assist
 * @param pace parts of the pace (how fast keys are visited) that differ from the pace of the settings
 */
public record ScanRequest(
        UUID instanceId,
        @Nullable Duration timeout,
        @Nullable AssistMode assist,
        PaceChange pace) {

    /** Names of the JSON fields that {@link #of} reads. */
    public static final List<String> FIELDS = Stream.concat(
                    Stream.of("instanceId", "timeoutSeconds", "assist"), PaceChange.FIELDS.stream())
            .toList();

    /** Maximum timeout: 86,400 minutes, which is 60 days, as in the vendor's console. */
    private static final long MAX_TIMEOUT_SECONDS = 5_184_000;

    /**
     * Reads the fields of a body.
     *
     * @param body body of the request, or null if it has none; then the required {@code instanceId} is missing
     * @throws RequestRefusedException if the body is no JSON object, has an unknown field, or if a field breaks its
     *     rule; the message names all such fields
     */
    public static ScanRequest of(@Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        Optional<UUID> instanceId = reader.requiredText("instanceId", "a UUID", ScanRequest::instanceIdOf);
        Optional<Duration> timeout = reader.wholeNumber(
                        "timeoutSeconds",
                        1,
                        MAX_TIMEOUT_SECONDS,
                        Phrase.of("a whole number of seconds from 1 to {0}", MAX_TIMEOUT_SECONDS))
                .map(Duration::ofSeconds);
        AssistMode assist = reader.text(
                        "assist",
                        AssistMode.RULE,
                        text -> AssistMode.ofWireName(text).orElseThrow(() -> new IllegalArgumentException(text)))
                .orElse(null);
        PaceChange pace = PaceChange.of(reader);
        return reader.requireValid(() -> new ScanRequest(instanceId.orElseThrow(), timeout.orElse(null), assist, pace));
    }

    /** Returns the id in a text. Throws the exception that {@link DocumentReader} expects if the text is not valid. */
    private static UUID instanceIdOf(String text) {
        return InstanceId.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }
}

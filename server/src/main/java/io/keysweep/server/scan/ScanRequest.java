package io.keysweep.server.scan;

import io.keysweep.server.control.PaceChange;
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
 * Body of {@code POST /api/v1/scans}.
 *
 * @param instanceId what to scan
 * @param timeout how long it may run, or null for that of the settings
 * @param pace what of the settings' pace is to be another
 */
public record ScanRequest(UUID instanceId, @Nullable Duration timeout, PaceChange pace) {

    /** The fields that {@link #of} reads. */
    public static final List<String> FIELDS = Stream.concat(
                    Stream.of("instanceId", "timeoutSeconds"), PaceChange.FIELDS.stream())
            .toList();

    /** The longest of the vendor's console, 86,400 minutes. */
    private static final long LONGEST = 5_184_000;

    /**
     * Reads the fields of a body.
     *
     * @throws RequestRefusedException for every one that breaks its rule
     */
    public static ScanRequest of(@Nullable JsonNode body) {
        DocumentReader reader = DocumentReader.ofOptional(body, FIELDS);
        Optional<UUID> instanceId = reader.requiredText("instanceId", "a UUID", ScanRequest::id);
        Optional<Duration> timeout = reader.wholeNumber(
                        "timeoutSeconds", 1, LONGEST, "a whole number of seconds from 1 to " + LONGEST)
                .map(Duration::ofSeconds);
        PaceChange pace = PaceChange.of(reader);
        return reader.requireValid(() -> new ScanRequest(instanceId.orElseThrow(), timeout.orElse(null), pace));
    }

    private static UUID id(String text) {
        return InstanceId.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }
}

package io.keysweep.server.scan;

import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Selects scans of a project; null selects without that condition.
 *
 * @param instanceId the instance of the scans
 * @param state their state
 * @param type their type
 * @param after the scan that the page follows, the newest first, or null for the first page
 * @param limit maximum number of scans, 1 to 200, default 50
 */
public record ScanQuery(
        @Nullable UUID instanceId,
        @Nullable ScanState state,
        @Nullable ScanType type,
        @Nullable Cursor after,
        int limit) {

    private static final List<String> NAMES = List.of("instanceId", "status", "scanType", "cursor", "limit");
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    /** Selects the newest scans, of one instance or in one state if given. */
    public static ScanQuery newest(@Nullable UUID instanceId, @Nullable ScanState state, int limit) {
        return new ScanQuery(instanceId, state, null, null, limit);
    }

    /** Marks a place in the list: after the scan with that time and id. */
    public record Cursor(Instant createdAt, UUID id) {

        private static final Pattern FORM = Pattern.compile("(\\d{1,15})/([0-9a-f-]{36})");

        static Optional<Cursor> parse(String text) {
            try {
                Matcher form =
                        FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1));
                return form.matches()
                        ? InstanceId.parse(form.group(2))
                                .map(id -> new Cursor(Instant.ofEpochMilli(Long.parseLong(form.group(1))), id))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((createdAt.toEpochMilli() + "/" + id).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /**
     * Reads the parameters of a request.
     *
     * @throws RequestRefusedException for the first that is unknown, given twice, or breaks its rule
     */
    static ScanQuery of(MultiValueMap<String, String> parameters) {
        parameters.forEach((name, values) -> {
            if (!NAMES.contains(name)) {
                throw RequestRefusedException.parameter(
                        name, values.getFirst(), "left out: known parameters are " + String.join(", ", NAMES));
            }
            if (values.size() > 1) {
                throw RequestRefusedException.parameter(name, String.join(",", values), "given once");
            }
        });
        String instanceId = parameters.getFirst("instanceId");
        String status = parameters.getFirst("status");
        String scanType = parameters.getFirst("scanType");
        String cursor = parameters.getFirst("cursor");
        String limit = parameters.getFirst("limit");
        return new ScanQuery(
                instanceId == null ? null : read("instanceId", instanceId, InstanceId.parse(instanceId), "a UUID"),
                status == null
                        ? null
                        : read("status", status, ScanState.ofWireName(status), "waiting, running, success or failed"),
                scanType == null
                        ? null
                        : read(
                                "scanType",
                                scanType,
                                Arrays.stream(ScanType.values())
                                        .filter(type -> type.wireName().equals(scanType))
                                        .findFirst(),
                                "manual or auto"),
                cursor == null
                        ? null
                        : read("cursor", cursor, Cursor.parse(cursor), "the nextCursor of an earlier answer"),
                limit == null
                        ? DEFAULT_LIMIT
                        : read("limit", limit, number(limit), "a whole number from 1 to " + MAX_LIMIT));
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(number -> number >= 1 && number <= MAX_LIMIT);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static <T> T read(String name, String text, Optional<T> value, String rule) {
        return value.orElseThrow(() -> RequestRefusedException.parameter(name, text, rule));
    }
}

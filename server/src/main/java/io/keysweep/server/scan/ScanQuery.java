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
 * Selects the scans of a project for a page of {@code GET /api/v1/scans} or of the console.
 *
 * @param instanceId only scans of this instance, or null for all instances
 * @param state only scans in this state, or null for all states
 * @param type only scans of this type, or null for all types
 * @param after cursor of the last scan of the previous page, or null for the first page
 * @param limit maximum number of scans on the page; a request can set it to 1 to 200, and its default is 50
 */
public record ScanQuery(
        @Nullable UUID instanceId,
        @Nullable ScanState state,
        @Nullable ScanType type,
        @Nullable Cursor after,
        int limit) {

    private static final List<String> PARAMETER_NAMES = List.of("instanceId", "status", "scanType", "cursor", "limit");
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    /**
     * Selects the newest scans of both types, for code that shows no pages.
     *
     * @param instanceId only scans of this instance, or null for all instances
     * @param state only scans in this state, or null for all states
     * @param limit maximum number of scans
     */
    public static ScanQuery newest(@Nullable UUID instanceId, @Nullable ScanState state, int limit) {
        return new ScanQuery(instanceId, state, /* type= */ null, /* after= */ null, limit);
    }

    /**
     * Marks the last scan of a page, after which the next page begins. The text of a cursor is the Base64 form of
     * {@code <createdAt in ms since 1970>/<id>}; clients only pass the text on.
     *
     * @param createdAt when the scan was requested
     * @param id id of the scan, which decides between scans of the same millisecond
     */
    public record Cursor(Instant createdAt, UUID id) {

        /** Form of a decoded cursor. With at most 15 digits, the number fits into a long. */
        private static final Pattern FORM = Pattern.compile("(\\d{1,15})/([0-9a-f-]{36})");

        /** Reads the text of a cursor; returns empty if the text is no cursor. */
        static Optional<Cursor> parse(String text) {
            try {
                Matcher matcher =
                        FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1));
                // The ids of scans and instances are UUIDs, so the parser of instance ids reads the id of a scan.
                return matcher.matches()
                        ? InstanceId.parse(matcher.group(2))
                                .map(id -> new Cursor(Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), id))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                // The text is not Base64.
                return Optional.empty();
            }
        }

        /** Returns the text that clients get as {@code nextCursor}. */
        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((createdAt.toEpochMilli() + "/" + id).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /**
     * Reads the parameters of a request. A parameter that is missing does not restrict the selection; without {@code
     * limit}, a page has 50 scans.
     *
     * @throws RequestRefusedException for the first parameter that is unknown or given twice, otherwise for the first
     *     one that is not valid
     */
    public static ScanQuery of(MultiValueMap<String, String> parameters) {
        requireKnownAndUnique(parameters);
        String instanceId = parameters.getFirst("instanceId");
        String status = parameters.getFirst("status");
        String scanType = parameters.getFirst("scanType");
        String cursor = parameters.getFirst("cursor");
        String limit = parameters.getFirst("limit");
        return new ScanQuery(
                instanceId == null
                        ? null
                        : requireParsed("instanceId", instanceId, InstanceId.parse(instanceId), "a UUID"),
                status == null
                        ? null
                        : requireParsed(
                                "status", status, ScanState.ofWireName(status), "waiting, running, success or failed"),
                scanType == null
                        ? null
                        : requireParsed(
                                "scanType",
                                scanType,
                                Arrays.stream(ScanType.values())
                                        .filter(type -> type.wireName().equals(scanType))
                                        .findFirst(),
                                "manual or auto"),
                cursor == null
                        ? null
                        : requireParsed("cursor", cursor, Cursor.parse(cursor), "the nextCursor of an earlier answer"),
                limit == null
                        ? DEFAULT_LIMIT
                        : requireParsed("limit", limit, parseLimit(limit), "a whole number from 1 to " + MAX_LIMIT));
    }

    /** Refuses the request if a parameter is unknown or given twice. */
    private static void requireKnownAndUnique(MultiValueMap<String, String> parameters) {
        parameters.forEach((name, values) -> {
            if (!PARAMETER_NAMES.contains(name)) {
                throw RequestRefusedException.parameter(
                        name,
                        values.getFirst(),
                        "left out: known parameters are " + String.join(", ", PARAMETER_NAMES));
            }
            if (values.size() > 1) {
                throw RequestRefusedException.parameter(name, String.join(",", values), "given once");
            }
        });
    }

    private static Optional<Integer> parseLimit(String text) {
        return Optional.of(text)
                .filter(number -> number.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= 1 && number <= MAX_LIMIT);
    }

    /**
     * Returns the value of a parameter.
     *
     * @param text text of the parameter in the request, for the message
     * @param value value of the text, or empty if the text is not valid
     * @param rule what the text must be, for the message
     * @throws RequestRefusedException if {@code value} is empty
     */
    private static <T> T requireParsed(String name, String text, Optional<T> value, String rule) {
        return value.orElseThrow(() -> RequestRefusedException.parameter(name, text, rule));
    }
}

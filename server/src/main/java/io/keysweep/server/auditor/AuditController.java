package io.keysweep.server.auditor;

import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.engine.text.ForeignText;
import io.keysweep.server.audit.AuditReader;
import io.keysweep.server.audit.AuditVerifier;
import io.keysweep.server.error.QueryParameters;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.iam.Action;
import io.keysweep.server.iam.Caller;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@code /api/v1/audit}: lists, exports and verifies the audit log of the whole service. */
@RestController
@RequestMapping("/api/v1/audit")
final class AuditController {

    /** The largest number of entries of a page. */
    private static final int MAX_LIMIT = 1000;

    /** The largest number of characters of a filter. No field that can be filtered is longer. */
    private static final int MAX_TEXT = 300;

    /**
     * Times must be after this one and before {@link #LATEST}, because all databases can compare such times in every
     * time zone.
     */
    private static final Instant EARLIEST = Instant.parse("0001-01-02T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-30T00:00:00Z");

    /** Matches a number of at most 18 digits, which fits into a long. */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private static final Pattern HEAD = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");
    private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");

    private final AuditReader reader;
    private final AuditVerifier verifier;

    AuditController(AuditReader reader, AuditVerifier verifier) {
        this.reader = reader;
        this.verifier = verifier;
    }

    /**
     * Returns a page of the log, the newest entry first. The parameters are described in the OpenAPI document. A page
     * can have fewer entries than the limit although more follow; then {@code next} says where to continue.
     *
     * @param outcome {@code done}, {@code refused} or an HTTP status; null for all
     * @param before only entries with a lower sequence number; null for the newest
     */
    @GetMapping
    ResponseEntity<String> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String resource,
            @RequestParam(required = false) @Nullable String project,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "100") String limit) {
        caller.requireAction(Action.READ_AUDIT);
        int maxEntries = QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT);
        StatusRange statuses = outcome == null ? null : parseOutcome(outcome);
        AuditReader.EntryPage page = reader.list(
                new AuditReader.Filter(
                        parseTime("from", from),
                        parseTime("to", to),
                        requirePrintable("actor", actor),
                        requirePrintable("action", action),
                        requirePrintable("resource", resource),
                        requirePrintable("project", project),
                        statuses == null ? null : statuses.lowest(),
                        statuses == null ? null : statuses.highest()),
                before == null ? Long.MAX_VALUE : parseSequence("before", before),
                maxEntries);

        String next = page.last() == null ? "" : ",\"next\":" + page.last();
        // The lines are JSON already. Parsing and writing them again could change bytes that are hashed.
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(page.entries().stream()
                                .map(AuditLine::line)
                                .collect(Collectors.joining(",", "{\"entries\":[", "]"))
                        + next + "}");
    }

    /**
     * Returns consecutive entries, the oldest first, one JSON object on each line, with the bytes that were hashed. The
     * client continues with the last sequence number as {@code after}, until the response is empty.
     */
    @GetMapping("/export")
    ResponseEntity<byte[]> export(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "0") String after,
            @RequestParam(defaultValue = "1000") String limit) {
        caller.requireAction(Action.READ_AUDIT);
        AuditReader.EntryPage page = reader.export(
                parseSequence("after", after),
                parseTime("from", from),
                parseTime("to", to),
                QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_NDJSON)
                .body(page.entries().stream()
                        .map(entry -> entry.line() + "\n")
                        .collect(Collectors.joining())
                        .getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Verifies the stored log.
     *
     * @param head {@code SEQUENCE:HASH} of an entry that must be in the log; null for none
     */
    @GetMapping("/verify")
    AuditVerification verify(
            @AuthenticationPrincipal Caller caller, @RequestParam(required = false) @Nullable String head) {
        caller.requireAction(Action.READ_AUDIT);
        return verifier.verify(head == null ? null : parseHead(head));
    }

    private static AuditVerifier.Expected parseHead(String head) {
        Matcher matcher = HEAD.matcher(head);
        if (!matcher.matches()) {
            throw RequestRefusedException.parameter("head", head, "SEQUENCE:HASH, with the hash as 64 hex characters");
        }
        return new AuditVerifier.Expected(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    private static long parseSequence(String name, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw RequestRefusedException.parameter(name, text, "a whole number from 0");
        }
        return Long.parseLong(text);
    }

    /** Returns the time of a parameter; null if it is missing. Refuses a text that is not a time within the limits. */
    private static @Nullable Instant parseTime(String name, @Nullable String text) {
        try {
            Instant time = text == null ? null : OffsetDateTime.parse(text).toInstant();
            if (time == null || (time.isAfter(EARLIEST) && time.isBefore(LATEST))) {
                return time;
            }
        } catch (DateTimeException e) {
            // The text is refused below, like a time outside of the limits.
        }
        throw RequestRefusedException.parameter(name, text, "a date-time as 2026-11-25T02:00:00Z");
    }

    /**
     * Returns the text of a filter unchanged. Refuses a text that no entry can contain, because some databases do not
     * accept it.
     */
    private static @Nullable String requirePrintable(String name, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.length() > MAX_TEXT || !ForeignText.isPrintable(text))) {
            throw RequestRefusedException.parameter(
                    name, text, "1 to " + MAX_TEXT + " characters without control characters");
        }
        return text;
    }

    /** Holds the lowest and the highest HTTP status of the calls that a filter selects. */
    private record StatusRange(int lowest, int highest) {}

    /** Returns the statuses of an outcome: {@code done}, {@code refused}, or one status such as {@code 403}. */
    private static StatusRange parseOutcome(String outcome) {
        return switch (outcome) {
            case "done" -> new StatusRange(/* lowest= */ 100, /* highest= */ 399);
            case "refused" -> new StatusRange(/* lowest= */ 400, /* highest= */ 599);
            default -> parseStatus(outcome);
        };
    }

    private static StatusRange parseStatus(String outcome) {
        if (!STATUS.matcher(outcome).matches()) {
            throw RequestRefusedException.parameter("outcome", outcome, "done, refused or an HTTP status such as 403");
        }
        int status = Integer.parseInt(outcome);
        return new StatusRange(status, status);
    }
}

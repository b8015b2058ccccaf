package io.keysweep.server.auditor;

import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
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
import java.util.List;
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

    private static final int MAX_LIMIT = 1000;
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
     * Returns a page of the log, the newest entry first. The parameters are described in the OpenAPI document.
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
        caller.require(Action.READ_AUDIT);
        int most = QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT);
        int[] statuses = statuses(outcome);
        List<AuditLine> entries = reader.list(
                new AuditReader.Filter(
                        time("from", from),
                        time("to", to),
                        actor,
                        action,
                        resource,
                        project,
                        outcome == null ? null : statuses[0],
                        outcome == null ? null : statuses[1]),
                before == null ? Long.MAX_VALUE : sequence("before", before),
                most);
        String next =
                entries.size() < most ? "" : ",\"next\":" + entries.getLast().sequence();
        // The lines are JSON already; as text, they reach the client as they were hashed.
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(entries.stream().map(AuditLine::line).collect(Collectors.joining(",", "{\"entries\":[", "]"))
                        + next + "}");
    }

    /** Returns consecutive entries, the oldest first, one JSON object on each line, exactly as they were hashed. */
    @GetMapping("/export")
    ResponseEntity<byte[]> export(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "0") String after,
            @RequestParam(defaultValue = "1000") String limit) {
        caller.require(Action.READ_AUDIT);
        List<AuditLine> entries = reader.export(
                sequence("after", after),
                time("from", from),
                time("to", to),
                QueryParameters.wholeNumber("limit", limit, 1, MAX_LIMIT));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_NDJSON)
                .body(entries.stream()
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
        caller.require(Action.READ_AUDIT);
        return verifier.verify(head == null ? null : expected(head));
    }

    private static AuditVerifier.Expected expected(String head) {
        Matcher matcher = HEAD.matcher(head);
        if (!matcher.matches()) {
            throw RequestRefusedException.parameter("head", head, "SEQUENCE:HASH, with the hash as 64 hex characters");
        }
        return new AuditVerifier.Expected(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    private static long sequence(String name, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw RequestRefusedException.parameter(name, text, "a whole number from 0");
        }
        return Long.parseLong(text);
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw RequestRefusedException.parameter(name, text, "a date-time as 2026-11-25T02:00:00Z");
        }
    }

    /** Returns the lowest and the highest HTTP status of an outcome. */
    private static int[] statuses(@Nullable String outcome) {
        if (outcome == null || outcome.equals("done")) {
            return new int[] {100, 399};
        }
        if (outcome.equals("refused")) {
            return new int[] {400, 599};
        }
        if (!STATUS.matcher(outcome).matches()) {
            throw RequestRefusedException.parameter("outcome", outcome, "done, refused or an HTTP status such as 403");
        }
        int status = Integer.parseInt(outcome);
        return new int[] {status, status};
    }
}

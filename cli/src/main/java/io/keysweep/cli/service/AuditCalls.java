package io.keysweep.cli.service;

import io.keysweep.api.AuditPage;
import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of the native API ({@code /api/v1}) that read the audit log.
 *
 * <p>The audit log is a signed chain with an entry for each recorded call. Errors are reported as {@link ServiceClient}
 * describes.
 */
final class AuditCalls {

    /** Time limit of a verification, which is enough for a log with millions of entries. */
    private static final Duration VERIFY_TIMEOUT = Duration.ofMinutes(10);

    private final ServiceClient client;

    AuditCalls(ServiceClient client) {
        this.client = client;
    }

    /** Collects the parameters of a URL, and gives them as text: {@code ?from=…&to=…}, or empty without parameters. */
    static final class Query {

        private final StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");

        /** Adds a parameter, whose value is encoded for the URL, unless the value is null. Returns this object. */
        Query with(String name, @Nullable Object value) {
            if (value != null) {
                parameters.add(name + "=" + ServiceClient.segment(value.toString()));
            }
            return this;
        }

        @Override
        public String toString() {
            return parameters.toString();
        }
    }

    /** Returns one page of the entries that match the query. */
    AuditPage list(Query query) throws InterruptedException {
        return client.get("/api/v1/audit" + query, AuditPage.class);
    }

    /**
     * Returns the lines of one page of the log as text, exactly as the service has hashed them. The text is empty if
     * the query matches no more entries.
     */
    String export(Query query) throws InterruptedException {
        return client.text("GET", "/api/v1/audit/export" + query);
    }

    /**
     * Lets the service verify its whole log.
     *
     * @param head entry that must still be in the log, {@code N:HASH}; null for none
     */
    AuditVerification verify(@Nullable String head) throws InterruptedException {
        return client.call(
                "GET",
                "/api/v1/audit/verify" + new Query().with("head", head),
                /* body= */ null,
                AuditVerification.class,
                VERIFY_TIMEOUT);
    }

    /**
     * Returns the sequence number of the entry in a line.
     *
     * @throws CommandFailure if the line is not an entry of an audit log
     */
    static long sequence(String line) {
        return AuditLine.parse(line)
                .map(AuditLine::sequence)
                .orElseThrow(
                        () -> new CommandFailure(
                                ExitCode.UNREACHABLE,
                                "the answer of the service is not a part of an audit log: is it a Keysweep service of this version?"));
    }
}

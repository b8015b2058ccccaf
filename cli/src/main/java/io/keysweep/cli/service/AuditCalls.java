package io.keysweep.cli.service;

import io.keysweep.api.AuditPage;
import io.keysweep.api.AuditVerification;
import io.keysweep.api.audit.AuditLine;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Calls the operations of the native API that read the audit log. */
final class AuditCalls {

    /** The time for the verification of a log with millions of entries. */
    private static final Duration VERIFY_TIMEOUT = Duration.ofMinutes(10);

    private final ServiceClient client;

    AuditCalls(ServiceClient client) {
        this.client = client;
    }

    /** Collects the parameters of a query. */
    static final class Query {

        private final StringJoiner parameters = new StringJoiner("&", "?", "").setEmptyValue("");

        /** Adds a parameter unless its value is null, and returns this object. */
        Query with(String name, @Nullable Object value) {
            if (value != null) {
                parameters.add(name + "="
                        + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8)
                                .replace("+", "%20"));
            }
            return this;
        }

        @Override
        public String toString() {
            return parameters.toString();
        }
    }

    AuditPage list(Query query) throws InterruptedException {
        return client.call("GET", "/api/v1/audit" + query, null, AuditPage.class);
    }

    /** Returns lines of the log as text, exactly as the service has hashed them. */
    String export(Query query) throws InterruptedException {
        return client.text("GET", "/api/v1/audit/export" + query);
    }

    AuditVerification verify(@Nullable String head) throws InterruptedException {
        return client.call(
                "GET",
                "/api/v1/audit/verify" + new Query().with("head", head),
                null,
                AuditVerification.class,
                VERIFY_TIMEOUT);
    }

    /** Returns the sequence number of a line. */
    static long sequence(String line) {
        return AuditLine.parse(line)
                .map(AuditLine::sequence)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.UNREACHABLE, "the answer of the service is not a part of an audit log"));
    }
}

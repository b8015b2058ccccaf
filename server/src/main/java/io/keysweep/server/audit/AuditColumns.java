package io.keysweep.server.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds the fields of an audit entry that the table repeats as columns, so that queries can find entries by them.
 *
 * <p>Only the content of the entry, its JSON document, is hashed and signed. {@link AuditVerifier} compares the columns
 * with the content, so it notices if only the columns were changed. A component is null if the content does not have
 * the field.
 */
record AuditColumns(
        Instant time,
        @Nullable String actor,
        @Nullable String actorProject,
        String operation,
        @Nullable String permission,
        @Nullable String resourceKind,
        @Nullable String resourceId,
        @Nullable String resourceProject,
        @Nullable Integer status) {

    /**
     * Reads the fields from the content of an entry.
     *
     * @throws java.time.DateTimeException if the content has no valid time
     */
    static AuditColumns of(JsonNode content) {
        return new AuditColumns(
                Instant.parse(content.path("time").asString("")),
                text(content.at("/actor/id")),
                text(content.at("/actor/project")),
                content.path("operation").asString(""),
                text(content.path("permission")),
                text(content.at("/resource/kind")),
                text(content.at("/resource/id")),
                text(content.at("/resource/project")),
                content.path("status").isIntegralNumber()
                        ? content.path("status").intValue()
                        : null);
    }

    /** Reads the columns of a row of {@code audit_entry}. */
    static AuditColumns of(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        boolean noStatus = row.wasNull();
        return new AuditColumns(
                row.getObject("written_at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("actor_project"),
                row.getString("operation"),
                row.getString("permission"),
                row.getString("resource_kind"),
                row.getString("resource_id"),
                row.getString("resource_project"),
                noStatus ? null : status);
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }
}

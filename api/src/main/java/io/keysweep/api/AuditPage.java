package io.keysweep.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists one page of the audit log, the newest entry first; {@code GET /api/v1/audit} returns it.
 *
 * @param entries the entries
 * @param next value of the query parameter {@code before} that requests the next page, which has older entries; null on
 *     the last page
 */
public record AuditPage(
        List<AuditEntryView> entries, @Nullable Long next) {

    public AuditPage {
        entries = List.copyOf(entries);
    }
}

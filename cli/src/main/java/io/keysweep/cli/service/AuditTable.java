package io.keysweep.cli.service;

import io.keysweep.api.AuditEntryView;
import io.keysweep.cli.output.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes the table of the audit log's entries: who called what, with which outcome, and what has changed. */
final class AuditTable {

    static final Table<AuditEntryView> ENTRIES = Table.of(
                    "The audit log has no such entries.",
                    /* name= */ AuditTable::sequence,
                    /* id= */ AuditTable::sequence)
            .column("NUMBER", AuditTable::sequence)
            .column("TIME", AuditEntryView::time)
            .column("ACTOR", AuditTable::actor)
            .column("ADDRESS", AuditEntryView::address)
            .column("OPERATION", AuditEntryView::operation)
            .column("RESOURCE", AuditTable::resource)
            .column("OUTCOME", AuditTable::outcome)
            .column("CHANGES", AuditTable::changes)
            .column("REASON", AuditEntryView::reason)
            .column("NOTE", AuditEntryView::note)
            .wide("PERMISSION", AuditEntryView::permission)
            .wide("REQUEST ID", AuditEntryView::requestId);

    private AuditTable() {}

    private static String sequence(AuditEntryView entry) {
        return String.valueOf(entry.sequence());
    }

    private static String actor(AuditEntryView entry) {
        AuditEntryView.Actor actor = entry.actor();
        return actor.kind()
                + (actor.id() == null ? "" : " " + actor.id())
                + (actor.user() == null ? "" : " of " + actor.user());
    }

    /** Returns kind, id and name as far as the entry has them, such as {@code instance ID (orders)}. */
    private static @Nullable String resource(AuditEntryView entry) {
        AuditEntryView.Resource resource = entry.resource();
        return resource == null
                ? null
                : resource.kind()
                        + (resource.id() == null ? "" : " " + resource.id())
                        + (resource.name() == null ? "" : " (" + resource.name() + ")");
    }

    /** Returns the HTTP status and the error code, as far as the entry has them. */
    private static @Nullable String outcome(AuditEntryView entry) {
        if (entry.status() == null) {
            return entry.error();
        }
        return entry.error() == null ? entry.status().toString() : entry.status() + " " + entry.error();
    }

    private static List<String> changes(AuditEntryView entry) {
        List<AuditEntryView.Change> changes = entry.changes();
        return changes == null
                ? List.of()
                : changes.stream().map(AuditTable::change).toList();
    }

    private static String change(AuditEntryView.Change change) {
        return change.resource().kind() + ": " + (change.before() == null ? "new" : change.before()) + " -> "
                + (change.after() == null ? "removed" : change.after());
    }
}

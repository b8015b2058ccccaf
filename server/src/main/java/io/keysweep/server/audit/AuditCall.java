package io.keysweep.server.audit;

import io.keysweep.engine.text.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects what the audit log must know about one call, from its start to its outcome.
 *
 * <p>A change that a transaction makes belongs to the call only if the transaction commits. While it commits, the change
 * is stored with the intent of the call, in the same transaction, so that no crash can lose it. Used by one thread.
 */
public final class AuditCall {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The longest list of changes in JSON. The document of a whole fleet can change more; the rest is then counted. */
    private static final int MAX_CHANGES_LENGTH = 400_000;

    private final UUID id = UUID.randomUUID();
    private final @Nullable String requestId;
    private final @Nullable String address;
    private final String operation;
    private final @Nullable AuditResource resource;
    private final List<AuditChange> changes = new ArrayList<>();
    private final List<AuditChange> uncommitted = new ArrayList<>();
    private String actorKind = "anonymous";
    private @Nullable String actorId;
    private @Nullable String actorProject;
    private @Nullable String permission;
    private @Nullable String reason;
    private @Nullable String error;
    private @Nullable AuditIntents intents;
    private boolean refusedOnly;
    private boolean recorded;

    /**
     * Begins to collect a call.
     *
     * @param requestId id of the request in its response and in the log; null if no request made the call
     * @param address address of the client; null if no request made the call
     * @param operation name of the operation, such as {@code createScan}
     * @param resource what the call concerns; null for no single resource
     */
    public AuditCall(
            @Nullable String requestId, @Nullable String address, String operation, @Nullable AuditResource resource) {
        this.requestId = requestId;
        this.address = address;
        this.operation = operation;
        this.resource = resource;
    }

    /** Names the caller, by the words of the field {@code actor.kind}. */
    public AuditCall by(String kind, String callerId, @Nullable String project) {
        actorKind = kind;
        actorId = callerId;
        actorProject = project;
        return this;
    }

    /** Makes this a call that is recorded only if it is refused, because it changes nothing. */
    public AuditCall onlyIfRefused() {
        refusedOnly = true;
        return this;
    }

    /** Stores the intent, so that the call is recorded even if this process is killed. */
    public void begin(AuditIntents store) {
        store.insert(this);
        intents = store;
    }

    /** Adds a change that was made, or that the present transaction makes. */
    public AuditCall change(AuditResource changed, @Nullable AuditFields before, @Nullable AuditFields after) {
        AuditChange change = AuditChange.of(changed, before, after);
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            if (uncommitted.isEmpty()) {
                TransactionSynchronizationManager.registerSynchronization(new Commit());
            }
            uncommitted.add(change);
        } else {
            changes.add(change);
            saveIntent();
        }
        return this;
    }

    /** Returns the fields of an entry about one new resource, whose transaction also writes the entry. */
    public ObjectNode with(AuditResource created, AuditFields fields) {
        changes.add(AuditChange.of(created, null, fields));
        return json();
    }

    private void saveIntent() {
        AuditIntents store = intents;
        if (store != null) {
            store.update(this);
        }
    }

    /** Moves the uncommitted changes to the call when their transaction commits, and forgets them otherwise. */
    private final class Commit implements TransactionSynchronization {

        @Override
        public void beforeCommit(boolean readOnly) {
            saveIntent();
        }

        @Override
        public void afterCompletion(int status) {
            if (status != STATUS_ROLLED_BACK) {
                changes.addAll(uncommitted);
            }
            uncommitted.clear();
        }
    }

    void permission(String name) {
        permission = name;
    }

    void reason(@Nullable String text) {
        reason = text;
    }

    void error(String code) {
        error = code;
    }

    /** Returns the id of the intent. */
    UUID id() {
        return id;
    }

    /** Returns the id of the access key that calls; null if the caller is anonymous. */
    public @Nullable String actorId() {
        return actorId;
    }

    /** Returns the address of the client; null if no request made the call. */
    public @Nullable String address() {
        return address;
    }

    /** Returns whether the call has an intent, which must be removed when its entry is written. */
    public boolean hasIntent() {
        return intents != null;
    }

    /** Returns whether the call has changed anything. */
    public boolean hasChanged() {
        return !changes.isEmpty();
    }

    /** Returns whether the call is recorded only if it is refused. */
    public boolean isRefusedOnly() {
        return refusedOnly;
    }

    /** Returns whether an error code says why the call was refused. */
    public boolean hasError() {
        return error != null;
    }

    /** Marks the call as recorded; returns false if it was marked before. */
    public boolean markRecorded() {
        boolean first = !recorded;
        recorded = true;
        return first;
    }

    /** Returns the fields of the entry that are known so far, in the order of the canonical form. */
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        put(node, "requestId", requestId);
        ObjectNode actor = node.putObject("actor").put("kind", actorKind);
        put(actor, "id", actorId);
        put(actor, "project", actorProject);
        put(node, "address", address);
        node.put("operation", operation);
        put(node, "permission", permission);
        resourceWithName(node);
        writeChanges(node);
        put(node, "reason", reason);
        put(node, "error", error);
        return node;
    }

    /** Writes what the call concerns; a create learns the id and the name only from its first change of that kind. */
    private void resourceWithName(ObjectNode node) {
        if (resource == null) {
            return;
        }
        AuditResource known = resource;
        for (AuditChange change : allChanges()) {
            AuditResource changed = change.resource();
            if (changed.kind().equals(known.kind())
                    && (known.id() == null || known.id().equals(changed.id()))) {
                known = changed;
                break;
            }
        }
        if (known.project() == null) {
            known = new AuditResource(known.kind(), known.id(), known.name(), actorProject, known.instance());
        }
        known.writeTo(node.putObject("resource"));
    }

    private List<AuditChange> allChanges() {
        List<AuditChange> all = new ArrayList<>(changes);
        all.addAll(uncommitted);
        return all;
    }

    private void writeChanges(ObjectNode node) {
        List<AuditChange> all = allChanges();
        if (all.isEmpty()) {
            return;
        }
        ArrayNode array = node.putArray("changes");
        int length = 0;
        for (AuditChange change : all) {
            ObjectNode json = change.json();
            // As the log stores it, with escapes.
            length += ForeignText.line(json.toString()).length();
            if (length > MAX_CHANGES_LENGTH) {
                addNote(node, (all.size() - array.size()) + " of " + all.size() + " changes are left out: too long");
                return;
            }
            array.add(json);
        }
    }

    /** Adds a remark of the service to the fields of an entry, after those that they have. */
    public static void addNote(ObjectNode fields, String note) {
        String earlier = fields.path("note").asString("");
        fields.put("note", earlier.isEmpty() ? note : earlier + "; " + note);
    }

    /** Sets a field unless the value is null. */
    static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}

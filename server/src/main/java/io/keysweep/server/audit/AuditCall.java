package io.keysweep.server.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Collects the facts about one call that the audit log records, from the start of the call to its outcome.
 *
 * <p>A change that a transaction makes belongs to the call unless the transaction is rolled back. The <em>intent</em>
 * of a call is a row that says that the call has begun, see {@link AuditIntents}. When a transaction commits, it also
 * stores its changes with the intent, so that no crash can lose them. Used by one thread.
 */
public final class AuditCall {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final UUID id = UUID.randomUUID();
    private final @Nullable String requestId;
    private final @Nullable String address;
    private final String operation;
    private final @Nullable AuditResource resource;
    /** Changes that the call has made; a transaction stores them with the intent before it commits. */
    private final AuditChanges changes = new AuditChanges(this::saveIntent);

    private String actorKind = "anonymous";
    private @Nullable String actorId;
    private @Nullable String actorProject;
    private @Nullable String actorUser;
    private @Nullable String permission;
    private @Nullable String reason;
    private @Nullable String error;

    /** Store of the intent of this call; null as long as there is no intent. */
    private @Nullable AuditIntents intents;

    private boolean refusedOnly;
    private boolean recorded;

    /**
     * Begins to collect work that the service does without a request.
     *
     * @param operation name of the operation, such as {@code pruneAuditLog}
     * @param part name of the part of the service
     */
    public static AuditCall ofService(String operation, String part) {
        return new AuditCall(/* requestId= */ null, /* address= */ null, operation, /* resource= */ null)
                .by("service", part, /* project= */ null);
    }

    /**
     * Begins to collect a call.
     *
     * @param requestId id of the request in its response and in the log; null if no request made the call
     * @param address address of the client; null if no request made the call
     * @param operation name of the operation, such as {@code createScan}
     * @param resource resource that the call concerns; null if there is no single one
     */
    public AuditCall(
            @Nullable String requestId, @Nullable String address, String operation, @Nullable AuditResource resource) {
        this.requestId = requestId;
        this.address = address;
        this.operation = operation;
        this.resource = resource;
    }

    /**
     * Sets the caller, and returns this call. Before this method is called, the caller is anonymous.
     *
     * @param kind value of the field {@code actor.kind}, such as {@code access-key}; docs/audit.md lists them
     * @param callerId id of the access key, user of the machine, or name of the part of the service
     * @param project project of the access key; null for none
     */
    public AuditCall by(String kind, String callerId, @Nullable String project) {
        actorKind = kind;
        actorId = callerId;
        actorProject = project;
        return this;
    }

    /** Sets the user who owns the access key of the caller; null for none. */
    void ownedBy(@Nullable String user) {
        actorUser = user;
    }

    /** Marks a call that changes nothing, so that it is recorded only if it is refused. Returns this call. */
    public AuditCall onlyIfRefused() {
        refusedOnly = true;
        return this;
    }

    /**
     * Stores the intent, so that the call is recorded even if this process is killed. Must be called once at most.
     *
     * @throws org.springframework.dao.DataAccessException if the intent cannot be stored
     */
    public void begin(AuditIntents store) {
        store.insert(this);
        intents = store;
    }

    /**
     * Adds a change that was made, or that the current transaction makes, and returns this call. If the call has an
     * intent, stores the change with it: when the transaction commits, or immediately without a transaction.
     *
     * @param before fields of the resource before the change; null for a new resource
     * @param after fields of the resource after the change; null for a removed resource
     */
    public AuditCall change(AuditResource changed, @Nullable AuditFields before, @Nullable AuditFields after) {
        changes.add(AuditChange.of(changed, before, after));
        return this;
    }

    /**
     * Adds one new resource as a change, and returns the fields of the entry. Callers write the entry in the same
     * transaction as the resource, so that there is no entry if the transaction is rolled back.
     */
    public ObjectNode with(AuditResource created, AuditFields fields) {
        changes.addCommitted(AuditChange.of(created, /* before= */ null, fields));
        return json();
    }

    /** Stores the facts that are known now with the intent of the call; does nothing if there is no intent. */
    private void saveIntent() {
        AuditIntents store = intents;
        if (store != null) {
            store.update(this);
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
    public String intentId() {
        return id.toString();
    }

    /** Returns the id that {@link #by} has set, an access key for calls of clients; null if the caller is anonymous. */
    public @Nullable String actorId() {
        return actorId;
    }

    /** Returns the kind of the caller that {@link #by} has set, such as {@code session}; {@code anonymous} before. */
    public String actorKind() {
        return actorKind;
    }

    /** Returns the address of the client; null if no request made the call. */
    public @Nullable String address() {
        return address;
    }

    /** Returns whether the call has an intent, which must be removed when its entry is written. */
    public boolean hasIntent() {
        return intents != null;
    }

    /** Returns whether the call has changed anything; changes of a transaction that still runs are not included. */
    public boolean hasChanged() {
        return changes.anyCommitted();
    }

    /** Returns whether the call is recorded only if it is refused. */
    public boolean isRefusedOnly() {
        return refusedOnly;
    }

    /** Returns the error code of the response, such as {@code DCS.4800}; null if it has none. */
    public @Nullable String error() {
        return error;
    }

    /** Marks the call as recorded; returns false if it was marked before. */
    public boolean markRecorded() {
        boolean first = !recorded;
        recorded = true;
        return first;
    }

    /**
     * Returns the fields of the entry that are known now, in the order in which the log hashes them. They include the
     * changes of the current transaction, because the intent is stored before the commit.
     */
    public ObjectNode json() {
        ObjectNode node = JSON.createObjectNode();
        put(node, "requestId", requestId);
        ObjectNode actor = node.putObject("actor").put("kind", actorKind);
        put(actor, "id", actorId);
        put(actor, "project", actorProject);
        put(actor, "user", actorUser);
        put(node, "address", address);
        node.put("operation", operation);
        put(node, "permission", permission);
        writeResource(node);
        changes.writeTo(node);
        put(node, "reason", reason);
        put(node, "error", error);
        return node;
    }

    /**
     * Writes the resource that the call concerns: the resource of the first change that fits, or else the resource from
     * the path of the request.
     *
     * <p>A change fits if its resource has the same kind and, if the path contains an id, the same id. It is preferred
     * because the path contains no name, and no id of a resource that the request creates.
     */
    private void writeResource(ObjectNode node) {
        if (resource == null) {
            return;
        }
        AuditResource known = resource;
        for (AuditChange change : changes.all()) {
            AuditResource changed = change.resource();
            if (changed.kind().equals(known.kind())
                    && (known.id() == null || known.id().equals(changed.id()))) {
                known = changed;
                break;
            }
        }
        // A caller acts in its own project unless the path or the change names another one.
        if (known.project() == null) {
            known = new AuditResource(known.kind(), known.id(), known.name(), actorProject, known.instance());
        }
        known.writeTo(node.putObject("resource"));
    }

    /** Adds a remark of the service to the field {@code note} of an entry, after the remarks that it already has. */
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

package io.keysweep.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes one call that changed something, read a secret or was refused, as the audit log keeps it.
 *
 * <p>Each entry contains the hash of the entry before. A reader can therefore detect that an entry was changed or
 * removed later; {@link io.keysweep.api.audit.AuditChain} does so.
 *
 * @param sequence sequence number, 1 for the first entry of a log
 * @param time when the entry was written, with microseconds
 * @param requestId the {@code X-Request-Id} of the response; null if no request made the call
 * @param actor who made the call
 * @param address IP address of the client. Behind a trusted proxy, it is the address that the proxy reports; null if no
 *     request made the call
 * @param operation name of the operation, such as {@code createScan}
 * @param permission IAM name of the action that the operation needed, such as {@code dcs:instance:list}; null if it
 *     needed none
 * @param resource what the operation concerns; null if it concerns no single resource
 * @param changes the changes of resources by the call; null if it changed nothing
 * @param reason reason that the caller gave for the call; null if none was given
 * @param status HTTP status of the response; null if no response was sent
 * @param error error code of a refused call; null otherwise
 * @param note remark of the service about this entry; null for none
 * @param pruned the old entries that retention removes, if this entry records such a removal; otherwise null
 * @param previous hash of the entry before; 64 zeros in the first entry
 * @param hash SHA-256 of this entry without {@code hash} and {@code signature}, as 64 hex characters
 * @param signature Ed25519 signature of the hash, in Base64
 */
public record AuditEntryView(
        long sequence,
        Instant time,
        @Nullable String requestId,
        Actor actor,
        @Nullable String address,
        String operation,
        @Nullable String permission,
        @Nullable Resource resource,
        @Nullable List<Change> changes,
        @Nullable String reason,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable String note,
        @Nullable Pruned pruned,
        String previous,
        String hash,
        String signature) {

    /**
     * Identifies who made a call.
     *
     * @param kind kind of the caller: {@code access-key} (a signed request), {@code token} (a request with a token),
     *     {@code session} (a user of the console), {@code offline} (a command that an operator ran on the machine of
     *     the service), {@code service} (the service itself) or {@code anonymous}
     * @param id access key id; for {@code offline} the user of the machine, for {@code service} the part of the
     *     service, such as {@code retention}; null for an anonymous caller
     * @param project project that the access key acts for; null for none
     * @param user user who owns the access key; null for none
     */
    public record Actor(
            String kind,
            @Nullable String id,
            @Nullable String project,
            @Nullable String user) {}

    /**
     * Identifies a resource, something that a call reads or changes.
     *
     * @param kind kind of the resource, such as {@code instance}
     * @param id id of the resource; null if the call does not name one
     * @param name name of the resource; null if it has none
     * @param project id of the project that the resource belongs to; null for none
     * @param instance id of the instance that the resource belongs to; null for none
     */
    public record Resource(
            String kind,
            @Nullable String id,
            @Nullable String name,
            @Nullable String project,
            @Nullable String instance) {}

    /**
     * Describes the change of one resource. A secret has the value {@code changed} instead of its real one.
     *
     * @param resource the resource
     * @param before earlier values of the changed fields by name; null for a new resource
     * @param after new values of the changed fields by name; null for a removed resource
     */
    public record Change(
            Resource resource,
            @Nullable Map<String, @Nullable Object> before,
            @Nullable Map<String, @Nullable Object> after) {}

    /**
     * Names the old entries that retention removes, so that the verification of the log does not report a gap.
     *
     * @param entries number of the removed entries
     * @param through sequence number of the last removed entry
     * @param hash hash of the last removed entry
     */
    public record Pruned(long entries, long through, String hash) {}
}

package io.keysweep.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * Lets the code that handles a call add facts to the {@link AuditCall}, which is kept per thread.
 *
 * <p>Features report their changes here. Outside an audited call, for example while a schedule starts a scan, the
 * reporting methods do nothing. The methods are static, like the methods of a logger, because every feature uses them.
 */
public final class AuditTrail {

    private static final ThreadLocal<@Nullable AuditCall> CURRENT = new ThreadLocal<>();

    private AuditTrail() {}

    /** Sets the call that this thread handles; null once the call has ended. */
    public static void use(@Nullable AuditCall call) {
        if (call == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(call);
        }
    }

    /** Returns the call that this thread handles; null if it handles no call, or a call that is not audited. */
    public static @Nullable AuditCall current() {
        return CURRENT.get();
    }

    /**
     * Sets the caller, once it is authenticated.
     *
     * @param kind {@code access-key}, {@code token} or {@code session}
     */
    public static void caller(String kind, String accessKey, String project) {
        AuditCall call = current();
        if (call != null) {
            call.by(kind, accessKey, project);
        }
    }

    /** Sets the user who owns the access key of the caller; null for none. */
    public static void owner(@Nullable String user) {
        AuditCall call = current();
        if (call != null) {
            call.ownedBy(user);
        }
    }

    /** Sets the action that the operation requires. If it requires several actions, the last action is recorded. */
    public static void permission(String action) {
        AuditCall call = current();
        if (call != null) {
            call.permission(action);
        }
    }

    /** Sets the reason that the caller has given; null for none. */
    public static void reason(@Nullable String reason) {
        AuditCall call = current();
        if (call != null) {
            call.reason(reason);
        }
    }

    /** Sets the error code with which the call is refused. */
    public static void error(String code) {
        AuditCall call = current();
        if (call != null) {
            call.error(code);
        }
    }

    /**
     * Reports a resource that was created. Inside a transaction, the report is discarded if the transaction is rolled
     * back.
     */
    public static void creation(AuditResource resource, AuditFields fields) {
        change(resource, /* before= */ null, fields);
    }

    /**
     * Reports a resource that was removed, with its last fields. Inside a transaction, the report is discarded if the
     * transaction is rolled back.
     */
    public static void removal(AuditResource resource, AuditFields fields) {
        change(resource, fields, /* after= */ null);
    }

    /**
     * Reports a change that was made. Inside a transaction, the change is discarded if the transaction is rolled back.
     *
     * @param resource the resource that has changed
     * @param before its fields before the change; null for a new resource
     * @param after its fields after the change; null for a removed resource
     */
    public static void change(AuditResource resource, @Nullable AuditFields before, @Nullable AuditFields after) {
        AuditCall call = current();
        if (call != null) {
            call.change(resource, before, after);
        }
    }
}

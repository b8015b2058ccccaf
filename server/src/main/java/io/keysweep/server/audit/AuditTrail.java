package io.keysweep.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * Gives the code that handles a call access to the {@link AuditCall} of its thread. Outside an audited call, the methods
 * do nothing.
 *
 * <p>The methods are static, like those of a logger, because every feature reports its changes here.
 */
public final class AuditTrail {

    private static final ThreadLocal<@Nullable AuditCall> CURRENT = new ThreadLocal<>();

    private AuditTrail() {}

    /** Makes a call the one of this thread; null ends it. */
    public static void use(@Nullable AuditCall call) {
        if (call == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(call);
        }
    }

    /** Returns the call of this thread; null for none. */
    public static @Nullable AuditCall current() {
        return CURRENT.get();
    }

    /**
     * Names the caller, once it is authenticated.
     *
     * @param kind {@code access-key}, {@code token} or {@code session}
     */
    public static void caller(String kind, String accessKey, String project) {
        AuditCall call = current();
        if (call != null) {
            call.by(kind, accessKey, project);
        }
    }

    /** Names the action that the operation requires. */
    public static void permission(String action) {
        AuditCall call = current();
        if (call != null) {
            call.permission(action);
        }
    }

    /** Sets the reason that the caller has given. */
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
     * Reports a change that was made. Inside a transaction, it counts only if the transaction commits.
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

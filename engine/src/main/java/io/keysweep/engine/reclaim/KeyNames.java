package io.keysweep.engine.reclaim;

/**
 * States whether the names of keys may leave the server during a sweep, since names may contain personal data.
 *
 * <p>{@link MethodSelector} follows this rule when it chooses the reclaim method.
 */
public enum KeyNames {
    /** Key names never leave the server. A server that refuses scripts is not swept. */
    STAY,
    /** Key names leave the server only if the server refuses the methods that send no names. */
    LEAVE_IF_NEEDED,
    /**
     * Key names leave the server if it refuses the methods that send no names, or if it is known to need less time for
     * a method that sends names.
     */
    LEAVE_IF_CHEAPER
}

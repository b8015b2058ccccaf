package io.keysweep.engine.reclaim;

/** States whether the names of keys may leave the server during a sweep. */
public enum KeyNames {
    /** Key names never leave the server; a server that refuses scripts is not swept. */
    STAY,
    /** Key names leave the server only if it refuses the methods that keep them. */
    LEAVE_IF_NEEDED,
    /** Key names leave the server also if that is known to cost the server less. */
    LEAVE_IF_CHEAPER
}

package io.keysweep.engine.reclaim;

/** Whether the names of keys may leave the server during a sweep. */
public enum KeyNames {
    /** Never: a server that refuses scripts is not swept. */
    STAY,
    /** Only where the server refuses the ways that keep them. */
    LEAVE_IF_NEEDED,
    /** Also where that is known to cost the server less. */
    LEAVE_IF_CHEAPER
}

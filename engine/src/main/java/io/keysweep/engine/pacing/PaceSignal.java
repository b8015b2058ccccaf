package io.keysweep.engine.pacing;

import java.time.Duration;

/**
 * What one step has shown.
 *
 * @param count the COUNT it was sent with; less than the pace's near the end of a segment
 * @param busy how long it kept the server busy: its round trip less that of an idle call
 * @param visited keys visited
 */
public record PaceSignal(int count, Duration busy, long visited) {}

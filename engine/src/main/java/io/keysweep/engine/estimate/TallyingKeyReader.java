package io.keysweep.engine.estimate;

import org.jspecify.annotations.Nullable;

/**
 * Implements the common part of both kinds of {@link KeyReader}: the tally, and the first errors of the server.
 *
 * <p>The tally contains the sums over the keys that were read. Not thread-safe.
 */
abstract class TallyingKeyReader implements KeyReader {

    private KeyTally tally = new KeyTally();
    private long readKeys;
    private @Nullable String refusal;
    private @Nullable String measureRefusal;

    /** Returns the tally to add to, until the next {@link #take}. */
    final KeyTally tally() {
        return tally;
    }

    /** Returns the number of keys that were read since the reader was created. */
    final long readKeys() {
        return readKeys;
    }

    final void addReadKeys(long keys) {
        readKeys += keys;
    }

    /**
     * Records the error with which the server has refused to report a TTL. Only the first error is kept; an empty text
     * means that there was none.
     */
    final void recordRefusal(String error) {
        refusal = firstOf(refusal, error);
    }

    /** Records the error with which the server has refused to report a type or a size. Only the first error is kept. */
    final void recordMeasureRefusal(String error) {
        measureRefusal = firstOf(measureRefusal, error);
    }

    private static @Nullable String firstOf(@Nullable String earlier, String error) {
        return earlier == null && !error.isEmpty() ? error : earlier;
    }

    @Override
    public final KeyTally take() {
        KeyTally finishedTally = tally;
        tally = new KeyTally();
        return finishedTally;
    }

    @Override
    public final @Nullable String refusal() {
        return refusal;
    }

    @Override
    public final @Nullable String measureRefusal() {
        return measureRefusal;
    }
}

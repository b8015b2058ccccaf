/**
 * Advises what to do about dead keys on a server, from what was measured there.
 *
 * <p>Pure functions. Start reading at {@code Advice}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.advice;

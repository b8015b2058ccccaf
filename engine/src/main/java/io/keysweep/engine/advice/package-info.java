/**
 * Calculates the cheapest way to deal with dead keys on a server, from measurements of that server.
 *
 * <p>All classes are values and pure functions. Start reading at {@code Advice}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.advice;

/**
 * Describes which keys a server holds and when they die: the picture of their TTLs, and a forecast.
 *
 * <p>All classes are values and pure functions. {@code io.keysweep.engine.estimate} takes the sample from which they
 * come. Start reading at {@code Insight}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.insight;

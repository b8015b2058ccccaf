/**
 * Describes the keys of a server and when they die: a picture of their TTLs, and a forecast.
 *
 * <p>All classes are values and pure functions; {@code io.keysweep.engine.estimate} takes the sample that they use.
 * Start reading at {@code Insight}.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.insight;

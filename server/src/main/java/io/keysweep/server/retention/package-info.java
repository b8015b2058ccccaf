/**
 * Limits how long records of ended work are kept, and how many. Features implement {@code RetentionRule} for their own
 * tables.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.retention;

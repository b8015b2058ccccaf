/**
 * Limits how long, and how many, records of ended work are kept. Features implement {@code RetentionRule} for their own
 * tables.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.retention;

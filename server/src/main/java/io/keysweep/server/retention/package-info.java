/** Retention: how long records of what has ended are kept. Features implement {@code RetentionRule} for their own tables. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.retention;

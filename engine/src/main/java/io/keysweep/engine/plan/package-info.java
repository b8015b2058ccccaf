/**
 * Plans a sweep: the databases, their segments (slices) in random order, and the checkpoints from which a sweep
 * resumes.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.plan;

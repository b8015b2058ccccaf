/** Plans a sweep: the databases, their segments in random order, and the checkpoints from which a sweep resumes. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.plan;

/** What to do: databases, segments in random order, and the checkpoints they are resumed from. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.plan;

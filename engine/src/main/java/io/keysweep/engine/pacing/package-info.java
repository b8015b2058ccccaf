/** How fast: a pure control loop from measured call time to COUNT and rest. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.pacing;

/** How fast: two pure control loops, from measured call time to COUNT and rest, and from what others suffer to the share. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.pacing;

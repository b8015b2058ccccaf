/** The loop over one primary, its events and its report. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.sweep;

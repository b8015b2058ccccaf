/** {@code keysweep doctor}: what stands in the way of a sweep, and what to do about it. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.doctor;

/** Implements {@code keysweep doctor}, which finds what prevents or hinders a sweep, and proposes what to change. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.doctor;

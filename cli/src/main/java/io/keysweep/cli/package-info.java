/** Keysweep cli. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli;

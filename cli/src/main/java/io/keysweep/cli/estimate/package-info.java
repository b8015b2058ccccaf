/** Implements {@code keysweep estimate}, which estimates how many dead keys a server holds. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.estimate;

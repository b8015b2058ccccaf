/** Implements {@code keysweep sweep}, which sweeps a server or a deployment from this process, without a service. */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.sweep;

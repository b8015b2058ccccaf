/**
 * Lets {@code keysweep sweeps} control the sweeps of other processes on this machine that run without a service. Each
 * such sweep listens on a Unix socket, to which {@code keysweep sweeps} connects.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.control;

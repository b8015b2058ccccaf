/**
 * Controls sweeps that run on this machine without a service from another process. Each sweep listens on a Unix socket,
 * and {@code keysweep sweeps} connects to it.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.control;

/**
 * Sweeps that run on this machine without a service, controlled from another process: {@code keysweep sweeps}, and the
 * Unix socket that each sweep listens on.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.control;

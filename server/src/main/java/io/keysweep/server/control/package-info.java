/** Controls scans that wait or run: pause, cancel, tune and hold, and how these reach the sweeps in every process. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.control;

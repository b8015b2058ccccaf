/** What people ask of scans that wait or run: pause, cancel, tune and hold; and how it reaches the sweeps, whatever process runs them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.control;

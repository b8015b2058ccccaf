/** Control of scans that wait or run: pause, cancel, tune and hold, and how they reach the sweeps of every process. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.control;

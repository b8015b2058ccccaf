/** Identifies the processes of the service, and shows which of them are alive and which sweeps they run. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.worker;

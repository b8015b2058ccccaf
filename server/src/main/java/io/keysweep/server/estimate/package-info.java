/**
 * Estimates on demand how many expired keys of an instance still hold memory, and stores the last estimate of each
 * instance.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.estimate;

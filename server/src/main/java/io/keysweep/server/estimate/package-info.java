/**
 * Estimates how many expired keys of an instance still hold memory, on demand or regularly for forecasts. It stores the
 * last estimate of each instance.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.estimate;

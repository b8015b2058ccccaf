/** Estimates how many dead keys a server holds and what a sweep of them costs, without harming the server. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.estimate;

/** Performs one step: the reclaim methods, and the server profile that decides between them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.reclaim;

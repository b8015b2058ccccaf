/** How one step is done: the methods, and the server profile that decides which one. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.reclaim;

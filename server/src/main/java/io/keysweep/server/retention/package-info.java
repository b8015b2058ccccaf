/** Retention: how long what has ended is kept. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.retention;

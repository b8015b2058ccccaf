/** Implements links (connections to servers) with the library Lettuce; no other package depends on that library. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.lettuce;

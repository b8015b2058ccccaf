/** Talks to one node over one connection: raw commands go out in one write, generic replies come back in order. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.link;

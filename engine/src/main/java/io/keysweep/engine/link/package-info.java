/** How one node is talked to: raw commands in one write, generic replies in order. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.link;

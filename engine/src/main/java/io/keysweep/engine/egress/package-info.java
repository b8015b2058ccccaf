/** Decides which network addresses Keysweep may connect to, and resolves names under that decision. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.egress;

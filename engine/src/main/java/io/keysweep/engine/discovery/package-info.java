/** Who the primaries are right now, asked of a cluster's nodes or of sentinels. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.discovery;

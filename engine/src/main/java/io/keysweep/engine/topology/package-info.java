/** What there is: deployments, their primaries, and why one of them is refused. */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine.topology;

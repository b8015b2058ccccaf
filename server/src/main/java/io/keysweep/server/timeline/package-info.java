/** Keeps the timeline of each scan: what has happened to it, who did it, why, and from when to when. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.timeline;

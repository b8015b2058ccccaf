/**
 * The sweep engine: a plan of segments goes in, exact counts come out. Start at {@code sweep.SweepEngine}.
 *
 * <ul>
 *   <li>{@code topology}: deployments, their URIs, and why a node is refused
 *   <li>{@code link}: one connection to one node, raw commands and replies
 *   <li>{@code discovery}: who the primaries are right now
 *   <li>{@code reclaim}: how one step is done and counted, and which way a server allows
 *   <li>{@code plan}: databases, segments, cursors, checkpoints
 *   <li>{@code pacing}: from measured time to COUNT and rest
 *   <li>{@code sweep}: inspection, the loop, steps in doubt, events, report
 *   <li>{@code lettuce}: links over Lettuce
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine;

/**
 * Sweeps expired keys out of Redis and Valkey servers and counts exactly what it reclaimed. Start reading at {@code
 * sweep.SweepEngine}.
 *
 * <ul>
 * <li>{@code topology}: deployments, their URIs, and the reasons why a node is refused
 * <li>{@code link}: one connection to one node, with raw commands and generic replies
 * <li>{@code egress}: which addresses may be connected to
 * <li>{@code discovery}: finds the current primaries of a deployment
 * <li>{@code reclaim}: the methods that perform and count one step, and the choice among them
 * <li>{@code plan}: databases, segments, cursors and checkpoints
 * <li>{@code pacing}: turns measured times into the COUNT of the next step and the wait before it
 * <li>{@code sweep}: inspects a server, runs the loop, settles uncertain steps, emits events and the report
 * <li>{@code deployment}: sweeps all shards of a deployment side by side, in rounds
 * <li>{@code doctor}: examines a server before a sweep and reports findings
 * <li>{@code estimate}: estimates how many expired keys still hold memory
 * <li>{@code insight}: describes the keys of a server and forecasts when they die
 * <li>{@code advice}: calculates the cheapest way to deal with expired keys
 * <li>{@code assist}: makes a server's own expiry remove more keys for a while, as a cheap alternative to a sweep
 * <li>{@code nodes}: lists all nodes of a deployment, including replicas and nodes that are down
 * <li>{@code lettuce}: implements links with the Lettuce client library
 * <li>{@code text}: makes text from servers and users harmless to show
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.engine;

/**
 * {@code keysweep quickstart}: the main job, end to end, on a real server.
 *
 * <pre>
 * QuickstartCommand  options, and what is printed in the end
 * Quickstart         the flow: Redis, demo keys, service, scan, checks
 * DemoRedis          the server that is swept: one of our own, or the one that was given
 * DemoKeySpace       plants, checks and removes the demo keys
 * DemoService        the service, started for the demo
 * GuardedProcess     a child process that never outlives us
 * RespConnection     the Redis protocol, as much of it as planting takes
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.quickstart;

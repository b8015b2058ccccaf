/**
 * Implements {@code keysweep quickstart}, which demonstrates a scan from end to end on a real server.
 *
 * <pre>
 * QuickstartCommand  reads the options and prints the result
 * Quickstart         runs the demonstration: demo keys, service, scan, checks
 * DemoRedis          the server that is swept: started for the demonstration, or named by the user
 * DemoKeySpace       plants, counts and removes the demo keys
 * DemoConnection     a connection to the server
 * DemoService        the service, started for the demonstration
 * GuardedProcess     a child process that never outlives this process
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.quickstart;

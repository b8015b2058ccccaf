/**
 * Stores the instances that projects have registered, with the secrets that connections need, and inspects their
 * servers.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.instance;

/**
 * Implements {@code keysweep sweep}, which reclaims the expired keys of a server or cluster from this process, without
 * a service.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.cli.sweep;

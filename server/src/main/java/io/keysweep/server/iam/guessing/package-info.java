/** Refuses secrets from an address, or for the name of a user, after too many wrong secrets. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam.guessing;

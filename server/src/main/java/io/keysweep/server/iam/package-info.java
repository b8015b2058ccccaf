/**
 * Authenticates callers by signature or token, and manages projects, access keys and the master key.
 *
 * <p>A project owns the registered Redis servers. An access key acts for one project. The master key protects the
 * secrets in the database.
 */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.iam;
